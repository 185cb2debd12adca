"""Fuzz the parser of a source, guided by coverage: ``python tests/fuzz/fuzz_source.py SOURCE [options of libFuzzer]``.

The bytes that atheris draws are changes to a good page of the source, or a whole answer. See README.md beside this file.
"""

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

try:
    import atheris  # type: ignore[import-untyped]
except ImportError:
    sys.exit("atheris is not installed: pip install atheris (see tests/fuzz/README.md)")

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

with atheris.instrument_imports(include=["scrapers", "tracking"]):
    from scrapers.parse_error import ParseError
    from scrapers.registry import source_named

from tests.scrapers.sources.good_pages import GoodPage, good_pages
from tests.scrapers.sources.mutating import mutated
from tracking.check import Page

_OBSERVED_ON = date(2026, 11, 22)
_LONGEST_PAGE = 8_000


class _Drawn(Random):
    """Every choice is a byte or two of what atheris drew, so that it learns which byte did what."""

    def __init__(self, drawn: Any) -> None:
        self._drawn = drawn
        super().__init__(0)

    def getrandbits(self, bits: int, /) -> int:
        number: int = self._drawn.ConsumeIntInRange(0, 2**bits - 1) if bits <= 32 else super().getrandbits(bits)
        return number

    def random(self) -> float:
        probability: float = self._drawn.ConsumeProbability()
        return min(probability, 0.999)

    def _randbelow(self, end: int) -> int:
        number: int = self._drawn.ConsumeIntInRange(0, end - 1)
        return number


def page_of(drawn: Any, good: GoodPage) -> Page:
    """A good page with its structure changed, with bytes in the place of others, or an answer of bytes alone."""
    match drawn.ConsumeIntInRange(0, 3):
        case 0 | 1:
            return mutated(good.page, _Drawn(drawn), times=drawn.ConsumeIntInRange(1, 4))
        case 2:
            start = drawn.ConsumeIntInRange(0, len(good.page.body))
            end = start + drawn.ConsumeIntInRange(0, 40)
            noise = drawn.ConsumeBytes(drawn.ConsumeIntInRange(0, 60))
            return replace(good.page, body=good.page.body[:start] + noise + good.page.body[end:])
        case _:
            return replace(good.page, body=drawn.ConsumeBytes(_LONGEST_PAGE))


def _main() -> None:
    source = source_named(sys.argv.pop(1))
    pages = [good for good in good_pages() if good.source is source and len(good.page.body) < _LONGEST_PAGE]

    def try_one(drawn_bytes: bytes) -> None:
        drawn = atheris.FuzzedDataProvider(drawn_bytes)
        page = page_of(drawn, pages[drawn.ConsumeIntInRange(0, len(pages) - 1)])
        try:
            source.parse(page, _OBSERVED_ON)
        except ParseError:
            return

    atheris.Setup(sys.argv, try_one)
    atheris.Fuzz()


if __name__ == "__main__":
    _main()
