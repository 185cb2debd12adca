"""A Scrapy spider that extracts the same fields and writes them as JSON Lines.

As one would write it: robots.txt is obeyed, eight requests at once, and Scrapy's own cache (RFC 9111) asks with the
validators that it has. It keeps nothing of the day before to compare with.
"""

import json
from collections.abc import Sequence
from pathlib import Path

from benchmarks.contest.contestant import installed
from benchmarks.contest.measured import Cost, cost_of, size_of

_SPIDER = Path(__file__).with_name("profile_spider.py")
_SETTINGS = {
    "ROBOTSTXT_OBEY": "True",
    "CONCURRENT_REQUESTS_PER_DOMAIN": "8",
    "DOWNLOAD_DELAY": "0",
    "HTTPCACHE_ENABLED": "True",
    "HTTPCACHE_POLICY": "scrapy.extensions.httpcache.RFC2616Policy",
    "HTTPCACHE_DIR": "cache",
    "LOG_LEVEL": "ERROR",
}


class ScrapySpider:
    name = "scrapy"
    says = "fields, not what changed"

    def __init__(self, programs: Path) -> None:
        self._programs = programs

    def begin(self, folder: Path, urls: Sequence[str]) -> None:
        self._folder = folder
        self._command = [str(installed("scrapy", self._programs) / "scrapy"), "runspider", str(_SPIDER)]
        self._command += ["-O", "profiles.jsonl"]
        for name, value in (_SETTINGS | {"HTTPCACHE_DIR": str(folder / "cache")}).items():
            self._command += ["-s", f"{name}={value}"]
        (folder / "urls.json").write_text(json.dumps(list(urls)), "utf-8")

    def look(self, day: int) -> Cost:  # noqa: ARG002  -- its clock is the machine's
        return cost_of(self._command, self._folder)

    def disk_bytes(self) -> int:
        return size_of(path for path in (self._folder / "cache", self._folder / "profiles.jsonl"))

    def end(self) -> None:
        """Nothing is left running."""
