"""A folder whose configuration follows the one person of the site, and what its receiver was told."""

import json
from pathlib import Path
from typing import Any

from tests.new_databases import new_sqlite
from world.site import Site


def alerts(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "alerts.jsonl").read_text("utf-8").splitlines()]


def configure(folder: Path, site: Site, database: str = "scholarwatch.db", receiver: str = "alerts.jsonl") -> None:
    followed = f"people:\n  - profiles:\n      - {{url: {site.url('1001')!r}, source: scholarfeed}}\n"
    told = f"receivers:\n  me: {{file: {receiver}}}\ndatabase: {database!r}\n"
    (folder / "scholarwatch.yaml").write_text(followed + told, "utf-8")
    if "://" not in database and not (folder / database).exists():
        # The first run would make it; there it stands already.
        new_sqlite(folder / database)
