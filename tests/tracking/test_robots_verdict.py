"""What robots.txt said of a page is logged with every check, however the check ended."""

from dataclasses import replace

import pytest

from tests.tracking.builders import Profile, page, paper, parsed, reading
from tracking.check import Failure, Finding, NotModified, Outcome, RobotsVerdict, SameBytes

ALLOWED = RobotsVerdict.ALLOWED
PAGE = replace(page(), robots=ALLOWED)
URL = PAGE.url


@pytest.mark.parametrize(
    ("finding", "verdict"),
    [
        (replace(parsed(reading([paper("On Walking")])), page=PAGE), ALLOWED),
        (SameBytes(page=PAGE), ALLOWED),
        (NotModified(url=URL, robots=RobotsVerdict.NO_RULES), RobotsVerdict.NO_RULES),
        (Failure(outcome=Outcome.PARSE_FAILED, detail="no name", page=PAGE), ALLOWED),
        (Failure(outcome=Outcome.ROBOTS, detail="not allowed", robots=RobotsVerdict.DISALLOWED), "disallowed"),
        (Failure(outcome=Outcome.MOVED, detail="elsewhere"), None),
    ],
    ids=["read", "same bytes", "not modified", "not readable", "not allowed", "never asked"],
)
def test_the_verdict_is_carried(finding: Finding, verdict: RobotsVerdict | None) -> None:
    profile = Profile()
    profile.sees(reading([paper("On Walking")]))
    assert profile.sees(finding).robots == verdict


def test_it_is_carried_with_the_first_page_and_with_a_suspect_one() -> None:
    papers = [
        paper(f"On {subject}")
        for subject in ["Walking", "Eating", "Sleeping", "Reading", "Writing", "Waiting", "Singing"]
    ]
    others = [
        paper(f"Against {subject}") for subject in ["Noise", "Haste", "Doubt", "Sloth", "Pride", "Greed", "Wrath"]
    ]
    profile = Profile()
    assert profile.sees(replace(parsed(reading(papers)), page=PAGE)).robots is ALLOWED
    suspect = profile.sees(replace(parsed(reading(others)), page=PAGE))
    assert (suspect.outcome, suspect.robots) == (Outcome.QUARANTINED, ALLOWED)
