"""What a page proves of the reading that is stored with it, where the two may differ for a reason."""

from datetime import UTC, date, datetime

import pytest

from flows.proofreading import proofread
from scrapers.parse import parse_page
from storage.evidence import Evidence
from storage.readings import reading_to_bytes
from tests.flows.stored_pages import PARSER, page, papers
from tracking.aliases import aliases
from tracking.check import Page, Parsed
from tracking.identity import issue_keys
from tracking.proof import Standing, Step
from tracking.reading import ProfileReading
from tracking.rejecting import without
from world.papers import paper

NOVEMBER = datetime(2026, 11, 22, 9, tzinfo=UTC)


def read(of: Page, on: date) -> ProfileReading:
    parsed = parse_page("scholarfeed", of, on)
    assert isinstance(parsed, Parsed)
    return parsed.reading


def proof(of: Page, stored: ProfileReading, rejected: frozenset[str] = frozenset()) -> Step:
    kept = reading_to_bytes(stored, issue_keys(stored.source, stored.papers))
    evidence = Evidence(
        place="Ada", source="scholarfeed", observed_at=NOVEMBER, parser=PARSER, reading=kept, page=of,
        rejected=rejected, steps=(),
    )  # fmt: skip
    (step,) = proofread([evidence])
    return step


def test_papers_that_were_rejected_are_left_out_of_both() -> None:
    shown = page("Ada Example", NOVEMBER.date())
    whole = read(shown, NOVEMBER.date())
    rejected = frozenset(aliases("scholarfeed", whole.papers[0]))
    step = proof(shown, without(whole, rejected), rejected)
    assert step.standing is Standing.HOLDS
    assert step.text.endswith(f"the same, down to {len(papers()) - 1} papers, without 1 that were rejected")
    assert proof(shown, whole, rejected).standing is Standing.FAILS
    assert proof(shown, without(whole, rejected)).standing is Standing.FAILS


@pytest.mark.parametrize("linked", [True, False], ids=["with an arXiv id", "without"])
def test_a_day_without_a_year_that_was_read_on_another_day_is_open(linked: bool) -> None:
    spring = paper("Sheaves in Spring", published=date(2026, 3, 24), arxiv_id="2603.00001", linked=linked)
    shown = page("Ada Example", NOVEMBER.date(), listed=[spring])
    stored = read(shown, date(2026, 1, 29))
    assert stored != read(shown, NOVEMBER.date())
    assert proof(shown, stored).standing is Standing.OPEN
