"""Scholarwatch itself: ``scholarwatch run``, as its configuration is when nothing is said.

There is no gap between two requests to this machine; eight connections to a host, which is the default.
"""

import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml

from benchmarks.contest.measured import Cost, cost_of, size_of

_FIRST_DAY = datetime(2026, 11, 22, 9, tzinfo=UTC)


class Scholarwatch:
    name = "scholarwatch"
    says = "fields, and which of them changed"

    def begin(self, folder: Path, urls: Sequence[str]) -> None:
        self._folder = folder
        people = [{"profiles": [{"url": url, "source": "scholarfeed"}]} for url in urls]
        config = {"people": people, "receivers": {"log": {"file": "alerts.jsonl"}}}
        (folder / "scholarwatch.yaml").write_text(yaml.safe_dump(config), "utf-8")

    def look(self, day: int) -> Cost:
        environment = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
        now = _FIRST_DAY + timedelta(days=day)
        program = str(Path(sys.executable).with_name("scholarwatch"))
        return cost_of([program, "run", "--now", now.isoformat(), "--json"], self._folder, environment)

    def disk_bytes(self) -> int:
        return size_of(self._folder.glob("scholarwatch.db*"))

    def end(self) -> None:
        """Nothing is left running."""
