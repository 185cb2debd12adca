"""A message in plain words, compared whole."""

import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.wording import wording_of
from tests.alerts.examples import NOW, message, metric_item, paper_item, profile_item
from tracking.event import EventKind

RICH_PAPER = paper_item(
    person="Ada Moreno and Bo Lindqvist",
    source="scholarfeed",
    authors=["Ada Moreno", "Bo Lindqvist"],
    authors_complete=False,
    category="LG",
    published="2026-05-12",
    year_inferred=True,
    score=98.1,
    has_code=True,
    arxiv_id="2605.01234",
    profile_url="https://feed.example/author/7",
)


def body_of(*items: Mapping[str, Any], digest: bool = False) -> str:
    """The body without the line that names the message."""
    return wording_of(message(*items, digest=digest)).body.rpartition("\n\n")[0]


def test_a_digest_whole() -> None:
    wording = wording_of(
        message(
            RICH_PAPER,
            paper_item(title="A Title Alone"),
            metric_item("citations", 17576, 17683, profile_url="https://feed.example/author/7"),
            metric_item("novelty", 0.55, 0.56),
            profile_item("profile.baseline", after=50),
            digest=True,
        )
    )
    assert wording.subject == "Digest: 2 new papers, 2 changed metrics and 1 profile now followed"
    assert wording.body == dedent(
        """\
        New paper by Ada Moreno and Bo Lindqvist
          Patient Verifiers for Impatient Agents
          Ada Moreno, Bo Lindqvist and others
          Published 2026-05-12 (year inferred), category LG, score 98.1, with code
          First seen at scholarfeed on 2026-05-13 09:30 UTC
          Why: rule “new papers”: a new paper
          https://arxiv.org/abs/2605.01234

        New paper by Ada Moreno
          A Title Alone
          First seen on 2026-05-13 09:30 UTC
          Why: rule “new papers”: a new paper

        Changed metric of Ada Moreno
          Citations 17,576 → 17,683 (+107, +0.6 %) in 1 day
          Observed on 2026-05-13 09:30 UTC, the earlier value since 2026-05-12 09:30 UTC
          Why: rule “metrics”: it moved
          https://feed.example/author/7

        Changed metric of Ada Moreno
          Novelty 55 % → 56 % (+1 point) in 1 day
          Observed on 2026-05-13 09:30 UTC, the earlier value since 2026-05-12 09:30 UTC
          Why: rule “metrics”: it moved

        Now following Ada Moreno
          50 papers are known; what comes from now on is told
          Observed on 2026-05-13 09:30 UTC
          Why: rule “first looks”: the first look at a profile

        Scholarwatch, message m1 of 2026-05-13 09:30 UTC"""
    )


@pytest.mark.parametrize(
    ("item", "subject"),
    [
        (paper_item(), "New paper by Ada Moreno: Patient Verifiers for Impatient Agents"),
        (metric_item("h_index", 29, 30), "Changed metric of Ada Moreno: H-index 29 → 30 (+1, +3.4 %) in 1 day"),
        (profile_item("profile.baseline", after=50), "Now following Ada Moreno"),
        (profile_item("profile.suspect"), "A page that cannot be believed, of Ada Moreno"),
        (profile_item("source.drift", after="…"), "A source has another layout, as on the page of Ada Moreno"),
        (
            profile_item("host.down", after="www.example.org has not answered since 2026-05-12 09:30 UTC"),
            "A host cannot be asked, for instance about Ada Moreno: "
            "www.example.org has not answered since 2026-05-12 09:30 UTC",
        ),
        (
            profile_item("host.back", after="robots.txt of x lets profiles be asked for again"),
            "A host can be asked again, for instance about Ada Moreno: robots.txt of x lets profiles be asked for again",
        ),
        (paper_item(title="Long " * 100), "New paper by Ada Moreno: " + "Long " * 24 + "Long…"),
    ],
)
def test_subject_of_one_item(item: Mapping[str, Any], subject: str) -> None:
    assert wording_of(message(item)).subject == subject


@pytest.mark.parametrize(
    ("item", "lines"),
    [
        pytest.param(metric_item("citations", None, 1311), "Citations 1,311 (not shown before)", id="appeared"),
        pytest.param(metric_item("citations", 1311, None), "Citations 1,311 → no longer shown", id="gone"),
        pytest.param(metric_item("citations", 9000, 8000, kind="metric.recount"), "Citations 9,000 → 8,000 (-1,000, -11.1 %) in 1 day", id="recount"),
        pytest.param(paper_item(kind="paper.enriched", field="has_code", before=False, after=True), "Has code no → yes", id="code"),
        pytest.param(paper_item(kind="paper.enriched", field="score", after=98.1), "Score 98.1 (not shown before)", id="score"),
        pytest.param(paper_item(kind="paper.enriched", field="institutions", before=["a"], after=["a", "b"]), "Institutions a → a, b", id="institutions"),
        pytest.param(paper_item(kind="paper.retitled", field="title", before="Old", after="New"), "Title Old → New", id="retitled"),
        pytest.param(profile_item("profile.renamed", before="Ada M.", after="Ada Moreno"), "Ada M. → Ada Moreno", id="renamed"),
        pytest.param(profile_item("host.down", after="robots.txt of x shuts all out"), "robots.txt of x shuts all out", id="shut"),
        pytest.param(profile_item("profile.corrected", after="x is down") | {"told": "host.down", "told_at": NOW.isoformat()}, "Not so after all: host down", id="not-down"),
        pytest.param(profile_item("profile.suspect", after="8 papers at once"), "8 papers at once\n  To look at it: scholarwatch quarantine show 'Ada Moreno'", id="suspect"),
        pytest.param(profile_item("profile.baseline", after=1), "1 paper is known; what comes from now on is told", id="one-paper"),
        pytest.param(profile_item("profile.baseline"), "What comes from now on is told", id="unknown-papers"),
        pytest.param(paper_item(authors=[f"A{n}" for n in range(12)]), "A0, A1, A2, A3, A4, A5, A6, A7, A8, A9 and 2 more", id="many-authors"),
        pytest.param(paper_item(authors=["A", "B"], authors_complete=True), "A and B", id="all-authors"),
        pytest.param(paper_item(published="2023", year_inferred=False, has_code=False), "Published 2023", id="year"),
    ],
)  # fmt: skip
def test_lines(item: Mapping[str, Any], lines: str) -> None:
    assert f"\n  {lines}\n" in body_of(item)


def test_a_drift_says_how_to_get_the_page() -> None:
    item = profile_item("source.drift", after="12 of 14 pages could not be read: papers: no heading\x1b[2J")
    assert body_of(item | {"source": "scholarfeed", "profile_url": "https://feed.example/a?b=1&c='"}) == dedent(
        """\
        A source has another layout, as on the page of Ada Moreno
          12 of 14 pages could not be read: papers: no heading
          The page as it came: scholarwatch page 'https://feed.example/a?b=1&c='"'"'' --at 2026-05-13T09:30:00+00:00 --output page.html
          Observed at scholarfeed on 2026-05-13 09:30 UTC
          Why: rule “first looks”: the first look at a profile
          https://feed.example/a?b=1&c='"""
    )


@pytest.mark.parametrize(("absorbed", "said"), [(1, "1 fact was"), (1204, "1,204 facts were")])
def test_what_a_better_parser_read_anew_is_said_at_the_end(absorbed: int, said: str) -> None:
    digest = replace(message(paper_item(), digest=True), absorbed=absorbed)
    *_, last, _ = wording_of(digest).body.split("\n\n")
    assert last == f"{said} read anew by a better parser since the last digest; nobody was told of them."


def test_a_paper_that_another_source_had_shown_first_says_how_much_later() -> None:
    item = paper_item(
        kind="paper.enriched",
        field="source",
        before="arxiv",
        after="openalex",
        source="openalex",
        since="2026-05-10T09:30:00+00:00",
    )
    lines = body_of(item).splitlines()
    assert "  Now at openalex too, 3 days after arxiv" in lines
    assert "  Observed at openalex on 2026-05-13 09:30 UTC" in lines


def test_nothing_changed_is_no_line() -> None:
    assert body_of(profile_item("profile.gone")) == dedent(
        """\
        No profile any more of Ada Moreno
          Observed on 2026-05-13 09:30 UTC
          Why: rule “first looks”: the first look at a profile"""
    )


@pytest.mark.parametrize(
    ("places", "link"),
    [
        ({"url": "https://feed.example/paper/1", "arxiv_id": "2605.01234"}, "https://feed.example/paper/1"),
        ({"url": "javascript:alert(1)", "arxiv_id": "2605.01234"}, "https://arxiv.org/abs/2605.01234"),
        ({"doi": "10.1000/182"}, "https://doi.org/10.1000/182"),
        ({"doi": "10.1000/1 82\n", "profile_url": "https://feed.example/author/7"}, None),
        ({"profile_url": "https://feed.example/author/7"}, "https://feed.example/author/7"),
        ({}, None),
    ],
)
def test_link(places: Mapping[str, str], link: str | None) -> None:
    last = body_of(paper_item(**places)).splitlines()[-1].strip()
    assert last == (link or "Why: rule “new papers”: a new paper")


@pytest.mark.parametrize(("count", "end"), [(20, None), (21, "and 1 more"), (1051, "and 1,031 more")])
def test_twenty_items_and_the_number_of_the_others(count: int, end: str | None) -> None:
    items = [paper_item(title=f"Paper {n}") for n in range(count)]
    body = body_of(*items)
    assert body.count("New paper by") == 20
    assert (body.rpartition("\n\n")[2] == end) is (end is not None)
    assert wording_of(message(*items)).subject == f"{count:,} new papers"


def test_scenario_32_hostile_text_is_inert() -> None:
    title = "Fine\x1b[31m red\x1b]0;x\x07\r\n  https://evil.example\u202e<script>"
    wording = wording_of(message(paper_item(title=title, authors=["A\nB"], person="P\u2066")))
    assert wording.subject == "New paper by P: Fine red https://evil.example<script>"
    assert wording.body.splitlines()[:3] == [
        "New paper by P",
        "  Fine red https://evil.example<script>",
        "  A B",
    ]


hostile = st.text(alphabet="ab \x1b[]\x07\n\r\u2028\u202e\u200b\x00<@/:")
values = st.none() | st.booleans() | st.integers() | st.floats() | hostile | st.lists(hostile, max_size=3)


@given(
    kind=st.sampled_from(EventKind),
    told=st.sampled_from([kind for kind in EventKind if kind is not EventKind.PROFILE_CORRECTED]),
    texts=st.fixed_dictionaries(
        {"person": hostile, "title": hostile, "why": hostile},
        optional={"url": hostile, "arxiv_id": hostile, "field": hostile, "category": hostile, "source": hostile},
    ),
    before=values,
    after=values,
)
def test_any_text_of_a_site_is_worded_without_harm(
    kind: EventKind, told: EventKind, texts: dict[str, str], before: Any, after: Any
) -> None:
    item = paper_item(kind=kind.value, before=before, after=after, told=told.value, told_at=NOW.isoformat()) | texts
    wording = wording_of(message(item))
    for line in [wording.subject, *wording.body.split("\n")]:
        assert not {unicodedata.category(char) for char in line} & {"Cc", "Cf", "Zl", "Zp"}
    # No text can start a line of its own.
    assert len(wording.body.split("\n\n")) == 2
