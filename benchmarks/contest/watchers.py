"""urlwatch and webchanges: a list of pages, and one command that looks at all of them and prints what differs.

Both strip the tags before they compare, by the cheapest way they have, and ask for pages with as many threads as they
choose themselves. Their reports go to a file.
"""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.contest.contestant import installed
from benchmarks.contest.measured import Cost, cost_of, size_of


class Urlwatch:
    name = "urlwatch"
    says = "lines of text that differ"

    def __init__(self, programs: Path) -> None:
        self._programs = programs

    def begin(self, folder: Path, urls: Sequence[str]) -> None:
        self._folder = folder
        self._command = [str(installed("urlwatch", self._programs) / "urlwatch")]
        self._command += [
            "--urls",
            "urls.yaml",
            "--config",
            "config.yaml",
            "--hooks",
            "hooks.py",
            "--cache",
            "cache.db",
        ]
        jobs = (f"url: {url}\nfilter:\n  - html2text: re\n" for url in urls)
        (folder / "urls.yaml").write_text("---\n".join(jobs), "utf-8")
        (folder / "hooks.py").touch()

    def look(self, day: int) -> Cost:  # noqa: ARG002  -- its clock is the machine's
        return cost_of(self._command, self._folder)

    def disk_bytes(self) -> int:
        return size_of(self._folder.glob("cache.db*"))

    def end(self) -> None:
        """Nothing is left running."""


class Webchanges:
    name = "webchanges"
    says = "lines of text that differ"

    def __init__(self, programs: Path) -> None:
        self._programs = programs

    def begin(self, folder: Path, urls: Sequence[str]) -> None:
        self._folder = folder
        self._command = [str(installed("webchanges", self._programs) / "webchanges")]
        self._command += ["--jobs", "jobs.yaml", "--config", "config.yaml", "--hooks", "hooks.py"]
        self._command += ["--database", "snapshots.db"]
        jobs = (f"url: {url}\nfilters:\n  - html2text: strip_tags\n" for url in urls)
        (folder / "jobs.yaml").write_text("---\n".join(jobs), "utf-8")
        (folder / "hooks.py").touch()

    def look(self, day: int) -> Cost:  # noqa: ARG002  -- its clock is the machine's
        return cost_of(self._command, self._folder)

    def disk_bytes(self) -> int:
        return size_of(self._folder.glob("snapshots.db*"))

    def end(self) -> None:
        """Nothing is left running."""
