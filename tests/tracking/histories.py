"""Hypothesis strategies: histories of one profile, as sites, archives and owners make them."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import strategies as st

from tests.tracking.builders import DAY, NOON, PARSER, reading
from tests.tracking.strategies import damaged
from tests.tracking.strategies import papers as paper_readings
from tracking.fold import Read
from tracking.reading import PaperReading, ProfileReading

Sightings = list[tuple[datetime, Read]]

#: Around marks of citations, all of which are marks of an h-index.
_COUNTS = st.sampled_from([3, 9, 10, 24, 26])


def read(shown: ProfileReading, ref: str, parser: str = PARSER, page: bytes | None = None) -> Read:
    """A page that has still to be believed; its ``ref`` tells its bytes from those of others."""
    return Read(reading=shown, parser=parser, ref=ref, page=page or ref.encode(), accepted=False)


@st.composite
def variants(draw: st.DrawFn, shown: PaperReading) -> PaperReading:
    """A paper as it may look on another day."""
    match draw(st.integers(0, 6)):
        case 0:
            return replace(shown, title=draw(damaged(shown.title)))
        case 1:
            return replace(shown, arxiv_id=None)
        case 2:
            return replace(shown, score=draw(st.none() | st.just(98.1)), has_code=True)
        case 3:
            return replace(shown, citations=draw(st.integers(0, 9)))
        case _:
            return shown


@st.composite
def pages(draw: st.DrawFn, pool: list[PaperReading]) -> ProfileReading:
    chosen = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=len(pool), unique=True))
    return reading(
        [draw(variants(one)) for one in chosen],
        complete=draw(st.booleans()),
        name=draw(st.sampled_from(["Ada Example", "Ada B. Example"])),
        metrics=draw(st.dictionaries(st.sampled_from(["citations", "h_index"]), st.none() | _COUNTS)),
    )


@st.composite
def histories(draw: st.DrawFn, max_size: int = 9) -> Sightings:
    """Pages of one profile, some of them alike, hours or days apart."""
    pool = draw(
        st.lists(
            paper_readings(),
            min_size=2,
            max_size=5,
            unique_by=(lambda p: frozenset(p.title.casefold().split()), lambda p: p.abstract, lambda p: p.published),
        )
    )
    sightings: Sightings = []
    at, last = NOON, read(draw(pages(pool)), ref="page 0")
    for number in range(draw(st.integers(1, max_size))):
        at += draw(st.sampled_from([timedelta(hours=3), DAY, 7 * DAY]))
        match draw(st.integers(0, 3)):
            case 0:
                last = read(last.reading, ref=f"page {number}, which says the same")
            case 1 | 2:
                last = read(draw(pages(pool)), ref=f"page {number}")
        sightings.append((at, last))
    return sightings
