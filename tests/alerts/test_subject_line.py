"""The one line above a message: the most important thing first."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.wording import wording_of
from tests.alerts.examples import message, metric_item, paper_item, profile_item
from tests.alerts.texts import items

BO = {"person": "Bo Lindqvist"}
SEEN = "2026-05-13T22:30:00+00:00"


@pytest.mark.parametrize(
    ("item", "subject"),
    [
        (paper_item(), "New paper by Ada Moreno: Patient Verifiers for Impatient Agents"),
        (
            paper_item(person="Ada, Bo and Cy", people=["Ada", "Bo", "Cy"], title="T"),
            "New paper by Ada, Bo and Cy: T",
        ),
        (metric_item("h_index", 29, 30), "Changed metric of Ada Moreno: H-index 29 → 30 (+1, +3.4 %) in 1 day"),
        (
            paper_item(kind="paper.enriched", field="has_code", after=True, title="T"),
            "New facts on a paper by Ada Moreno: With code now – T",
        ),
        (paper_item(kind="paper.revised", title="T"), "New version of a paper by Ada Moreno: T"),
        (profile_item("profile.baseline", after=50), "Now following Ada Moreno"),
        (
            profile_item("profile.suspect", after="8 at once"),
            "A page that cannot be believed, of Ada Moreno: 8 at once",
        ),
        (profile_item("profile.suspect"), "A page that cannot be believed, of Ada Moreno"),
        (profile_item("profile.renamed", "Ada M.", "Ada Moreno"), "New name of Ada Moreno: Ada M. → Ada Moreno"),
        (profile_item("source.drift", after="…") | {"source": "dblp"}, "Another layout at dblp: …"),
        (profile_item("source.drift", after="…"), "Source with another layout: …"),
        (profile_item("host.down", after="x has not answered"), "Host down: x has not answered"),
        (paper_item(title="Long " * 100), "New paper by Ada Moreno: " + "Long " * 24 + "Long…"),
    ],
)
def test_of_one_item(item: dict[str, Any], subject: str) -> None:
    assert wording_of(message(item)).subject == subject


@pytest.mark.parametrize(
    ("given", "subject"),
    [
        ([paper_item(), paper_item()], "2 new papers of Ada Moreno"),
        ([paper_item(), metric_item("papers", 1, 2, **BO)], "1 new paper and 1 changed metric of Ada Moreno and Bo Lindqvist"),
        ([paper_item(person=name) for name in "ABC"] * 700, "2,100 new papers of 3 people"),
        ([paper_item(people=["A", "B"]), paper_item(people=["B", "C"])], "2 new papers of 3 people"),
        ([profile_item("host.down", after="x"), profile_item("host.down", after="y")], "2 hosts down"),
        ([paper_item(), profile_item("run.missed", after="x")], "1 new paper of Ada Moreno; 1 missed run"),
    ],
)  # fmt: skip
def test_of_several(given: list[dict[str, Any]], subject: str) -> None:
    assert wording_of(message(*given)).subject == subject


@pytest.mark.parametrize(
    ("observed", "period"),
    [([SEEN], "2026-05-14"), (["2026-05-07T06:00:00+00:00", SEEN], "2026-05-07 to 2026-05-14")],
)
def test_a_digest_says_of_which_days_it_is_by_the_receivers_clock(observed: list[str], period: str) -> None:
    given = [metric_item("papers", 1, 2, observed_at=at, title="x" * 300) for at in observed]
    subject = wording_of(message(*given, digest=True), ZoneInfo("Europe/Zurich")).subject
    assert subject.endswith(f" – digest of {period}")
    assert subject.startswith(("Changed metric of Ada", "2 changed metrics of Ada"))


@given(st.lists(items, min_size=1, max_size=3), st.booleans())
def test_it_is_one_line_of_at_most_150_characters(given: list[dict[str, Any]], digest: bool) -> None:
    subject = wording_of(message(*given, digest=digest)).subject
    assert subject.isprintable()
    assert 0 < len(subject) <= 150
