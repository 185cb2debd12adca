"""What a worker does in a proof. It is imported by every worker, so this imports parsers and values only."""

from collections.abc import Sequence

from scrapers.parse import parse_page, parser_of
from scrapers.registry import source_named
from storage.evidence import Evidence
from storage.readings import StoredReading, reading_from_bytes, reading_to_bytes
from tracking.check import Failure, Page
from tracking.proof import Ground, Standing, Step
from tracking.rejecting import without
from tracking.reread import FactDiffers, differences

#: Fields of a paper that another day of observation may tell otherwise.
_OF_THE_DAY = ("papers.published", "papers.year_inferred")


def proofread(evidence: Sequence[Evidence]) -> list[Step]:
    """What is proven of these snapshots: their bytes, where they come from, and what they say, parsed again."""
    return [step for one in evidence for step in (*one.steps, *_reading(one))]


def _reading(one: Evidence) -> list[Step]:
    if one.reading is None:
        return []
    try:
        stored = reading_from_bytes(one.reading)
        source = source_named(one.source)
    except (ValueError, TypeError, LookupError) as error:
        return [_step(one, Standing.FAILS, f"can not be read: {error}")]
    if reading_to_bytes(stored.reading, stored.keys) != one.reading:
        return [_step(one, Standing.FAILS, "it is not written as readings are")]
    if one.page is None:
        return [_step(one, Standing.OPEN, "the page was let go of, or is damaged")]
    again = parser_of(source, one.page)
    if one.parser != again:
        return [_step(one, Standing.OPEN, f"read by {one.parser}, an older parser than {again}: not repeated")]
    return [_parsed_again(one, one.page, stored)]


def _parsed_again(one: Evidence, page: Page, stored: StoredReading) -> Step:
    answer = parse_page(one.source, page, one.observed_at.date())
    if isinstance(answer, Failure):
        return _step(one, Standing.FAILS, f"the page can not be read again: {answer.detail}")
    reading = without(answer.reading, one.rejected)
    found = differences(stored.reading, stored.keys, reading)
    if not found:
        left_out = len(answer.reading.papers) - len(reading.papers)
        rest = f", without {left_out} that were rejected" if left_out else ""
        count = len(stored.keys)
        return _step(one, Standing.HOLDS, f"parsed again by {one.parser}: the same, down to {count} papers{rest}")
    if all(_is_of_the_day(fact, stored) for fact in found):
        return _step(one, Standing.OPEN, "dates without a year were read as of another day on which the page was seen")
    first = found[0]
    about = f" of “{first.paper}”" if first.paper else ""
    return _step(
        one, Standing.FAILS, f"{first.field}{about}: {first.before!r} is recorded, {first.after!r} stands on the page"
    )


def _is_of_the_day(fact: FactDiffers, stored: StoredReading) -> bool:
    """True where a year was worked out from the day: a page that is seen again keeps how it was read first."""
    return fact.field in _OF_THE_DAY and any(
        paper.year_inferred and paper.title == fact.paper for paper in stored.reading.papers
    )


def _step(one: Evidence, standing: Standing, text: str) -> Step:
    return Step(ground=Ground.READING, standing=standing, place=one.place, text=text)
