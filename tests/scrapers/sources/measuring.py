"""How long sources read pages that grew to 5 MB, and in how much memory: ``python -m … PATTERN``.

Of all grown pages those are read in whose names the pattern is found: ``dblp: three papers: answer 0, attributes``. One
line of JSON for each, and each in a process of its own: memory is given back only at its end.
"""

import json
import os
import re
import resource
import sys
from dataclasses import asdict, dataclass
from datetime import date

from scrapers.parse_error import ParseError
from scrapers.source import Source
from tests.effort import slowness
from tests.scrapers.sources.blown_up import blown_up
from tests.scrapers.sources.good_pages import good_pages
from tracking.check import Page

_OBSERVED_ON = date(2026, 11, 22)
#: A reading that wants more than this is ended by the system, and then says nothing.
_MEMORY_MAX = 3 << 30
_SECONDS_MAX = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """``seconds`` are of the processor of an idle machine, ``megabytes`` what the process grew by at most; ``came`` is what came of it."""

    what: str
    seconds: float
    megabytes: float
    came: str


def measure(source: Source, what: str, page: Page) -> Measured:
    """Read a page in a process of its own."""
    reading_end, writing_end = os.pipe()
    if (child := os.fork()) == 0:
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_MAX, _MEMORY_MAX))
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS_MAX, _SECONDS_MAX))
        os.write(writing_end, json.dumps(asdict(_measured(source, what, page))).encode()[:60_000])
        os._exit(0)
    os.close(writing_end)
    with os.fdopen(reading_end, "rb") as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    if not told:
        return Measured(what=what, seconds=0.0, megabytes=0.0, came=f"died of {status}")
    return Measured(**json.loads(told))


def _measured(source: Source, what: str, page: Page) -> Measured:
    before = resource.getrusage(resource.RUSAGE_SELF)
    came = _came_of(source, page)
    after = resource.getrusage(resource.RUSAGE_SELF)
    seconds = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / slowness()
    # Linux counts in kilobytes.
    return Measured(
        what=what,
        seconds=round(seconds, 3),
        megabytes=round((after.ru_maxrss - before.ru_maxrss) / 1000, 1),
        came=came[:200],
    )


def _came_of(source: Source, page: Page) -> str:
    try:
        reading = source.parse(page, _OBSERVED_ON)
    except ParseError as error:
        return f"ParseError: {error}"
    except BaseException as error:  # noqa: BLE001  -- whatever else it raises is told
        return f"raises {type(error).__name__}: {error}"
    return f"{len(reading.papers)} papers"


def _main(pattern: str) -> None:
    for good in good_pages():
        for what, grow in blown_up(good.page):
            name = f"{good}: {what}"
            if re.search(pattern, name):
                print(json.dumps(asdict(measure(good.source, name, grow()))), flush=True)


if __name__ == "__main__":
    _main(sys.argv[1])
