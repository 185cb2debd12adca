"""A message in plain words; see also what is written down in ``golden/``."""

import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from textwrap import dedent
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from alerts.kinds import WORDS, About
from alerts.wording import wording_of
from tests.alerts.examples import NOW, YESTERDAY, message, metric_item, paper_item, profile_item
from tests.alerts.texts import items
from tracking.event import EventKind


def body_of(*items: Mapping[str, Any], digest: bool = False) -> str:
    """The body without the line that names the message."""
    return wording_of(message(*items, digest=digest)).body.rpartition("\n\n")[0]


@pytest.mark.parametrize(
    ("item", "lines"),
    [
        pytest.param(metric_item("citations", None, 1311), "Citations 1,311 (not shown before)", id="appeared"),
        pytest.param(metric_item("citations", 1311, None), "Citations 1,311 → no longer shown", id="hidden"),
        pytest.param(metric_item("citations", 9000, 8000, kind="metric.recount"), "Citations 9,000 → 8,000 (-1,000, -11.1 %) in 1 day", id="recount"),
        pytest.param(paper_item(kind="paper.enriched", field="has_code", before=False, after=True), "With code now", id="code"),
        pytest.param(paper_item(kind="paper.enriched", field="has_code", before=True, after=False), "Without code now", id="no-code"),
        pytest.param(paper_item(kind="paper.enriched", field="doi", after="10.1000/182"), "DOI 10.1000/182 (not shown before)", id="doi"),
        pytest.param(paper_item(kind="paper.enriched", field="arxiv_id", after="2605.01234"), "arXiv id 2605.01234 (not shown before)", id="arxiv"),
        pytest.param(paper_item(kind="paper.revised", field="version", before=1, after=2), "Version 1 → 2", id="version"),
        pytest.param(paper_item(kind="paper.revised", field="category", before="LG", after="CL"), "Category LG → CL", id="category"),
        pytest.param(paper_item(field="x", after=True, kind="paper.enriched"), "X yes (not shown before)", id="yes"),
        pytest.param(profile_item("profile.moved", before="https://a.example", after="https://b.example"), "https://a.example → https://b.example", id="moved"),
        pytest.param(profile_item("profile.gone", after="404 (Not Found)"), "404 (Not Found)", id="gone"),
        pytest.param(metric_item("citations_since_2021", 80, 90), "Citations since 2021: 80 → 90 (+10, +12.5 %) in 1 day", id="since-year"),
        pytest.param(metric_item("citations", 9980, 10012, kind="metric.milestone"), "Citations passed 10,000: 9,980 → 10,012 (+32, +0.3 %) in 1 day", id="milestone"),
        pytest.param(metric_item("h_index", 29, 30, kind="metric.milestone"), "H-index reached 30: 29 → 30 (+1, +3.4 %) in 1 day", id="milestone-reached"),
        pytest.param(metric_item("citations", 1010, 1020, kind="metric.milestone"), "Citations 1,010 → 1,020 (+10, +1.0 %) in 1 day", id="no-milestone"),
        pytest.param(metric_item("citations", 100, 120, summed=True), "Citations 100 → 120 (+20, +20.0 %) in 1 day, several changes together", id="summed"),
        pytest.param(metric_item("citations", 9980, 10012), "Citations 9,980 → 10,012 (+32, +0.3 %) in 1 day", id="no-milestone-asked"),
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


def test_a_drift_says_where_it_is_and_how_to_get_the_page() -> None:
    item = profile_item("source.drift", after="12 of 14 pages could not be read: papers: no heading\x1b[2J")
    assert body_of(item | {"source": "scholarfeed", "profile_url": "https://feed.example/a?b=1&c='"}) == dedent(
        """\
        Another layout at scholarfeed
          12 of 14 pages could not be read: papers: no heading
          The page as it came: scholarwatch page 'https://feed.example/a?b=1&c='"'"'' --at 2026-05-13T09:30:00+00:00 --output page.html
          Observed at scholarfeed on 2026-05-13 09:30 UTC
          Why: rule “first looks”: the first look at a profile
          Profile: https://feed.example/a?b=1&c='"""
    )


@pytest.mark.parametrize("kind", [kind for kind, words in WORDS.items() if words.about is not About.PERSON])
def test_what_is_about_nobody_names_nobody(kind: EventKind) -> None:
    item = paper_item(kind=kind, title="Ada Moreno", after="a sentence", people=["Ada Moreno"])
    wording = wording_of(message(item))
    assert "Ada" not in wording.subject + wording.body.replace("page 'Ada Moreno'", "")
    corrected = item | {"kind": "profile.corrected", "told": kind, "told_at": NOW.isoformat()}
    assert "Ada" not in wording_of(message(corrected)).subject


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


def test_three_dates_where_they_are_known() -> None:
    item = paper_item(kind="paper.revised", field="version", before=1, after=2, published="2026-04-01")
    lines = body_of(item | {"first_seen": "2026-04-02T09:30:00+00:00", "since": YESTERDAY.isoformat()}).splitlines()
    assert lines[2:5] == [
        "  Version 1 → 2 in 1 day",
        "  Published 2026-04-01",
        "  Observed on 2026-05-13 09:30 UTC, first seen here on 2026-04-02 09:30 UTC, the earlier value since 2026-05-12 09:30 UTC",
    ]


def test_nothing_changed_is_no_line() -> None:
    assert body_of(profile_item("profile.gone")) == dedent(
        """\
        No profile any more of Ada Moreno
          Observed on 2026-05-13 09:30 UTC
          Why: rule “first looks”: the first look at a profile"""
    )


@pytest.mark.parametrize(
    ("places", "links"),
    [
        (
            {"url": "https://feed.example/1", "arxiv_id": "2605.01234", "doi": "10.1000/182"},
            [
                "Paper: https://feed.example/1",
                "arXiv: https://arxiv.org/abs/2605.01234",
                "DOI: https://doi.org/10.1000/182",
            ],
        ),
        (
            {
                "url": "https://arxiv.org/abs/2605.01234v2",
                "arxiv_id": "2605.01234",
                "profile_url": "https://feed.example/7",
            },
            ["Paper: https://arxiv.org/abs/2605.01234v2", "Profile: https://feed.example/7"],
        ),
        ({"url": "https://doi.org/10.1/2", "doi": "10.1/2"}, ["Paper: https://doi.org/10.1/2"]),
        ({"url": "javascript:alert(1)", "arxiv_id": "2605.01234"}, ["arXiv: https://arxiv.org/abs/2605.01234"]),
        ({"doi": "10.1000/1 82\n", "profile_url": "ftp://feed.example/7"}, []),
        ({}, []),
        (
            {
                "profiles": [
                    {"person": "Ada", "source": "openalex", "url": "https://openalex.example/1"},
                    {"person": "Bo", "source": "dblp", "url": "dblp"},
                ]
            },
            ["Profile of Ada at openalex: https://openalex.example/1"],
        ),
    ],
)
def test_links(places: dict[str, Any], links: list[str]) -> None:
    lines = [line.strip() for line in body_of(paper_item(**places)).splitlines()]
    assert lines[lines.index("Why: rule “new papers”: a new paper") + 1 :] == links


@pytest.mark.parametrize(
    ("count", "end"),
    [
        (20, None),
        (21, "and 1 more (1 new paper); to see all: scholarwatch events --since 2026-05-13"),
        (1051, "and 1,031 more (1,031 new papers); to see all: scholarwatch events --since 2026-05-13"),
    ],
)
def test_twenty_items_and_the_number_of_the_others(count: int, end: str | None) -> None:
    items = [paper_item(title=f"Paper {n}") for n in range(count)]
    body = body_of(*items)
    assert body.count("New paper by") == 20
    assert (body.rpartition("\n\n")[2] == end) is (end is not None)
    assert wording_of(message(*items)).subject == f"{count:,} new papers of Ada Moreno"


def test_what_is_not_shown_is_to_be_seen_since_the_first_of_all() -> None:
    """Also where the first was observed late in the evening of another day, by the receiver's clock."""
    items = [paper_item(title=f"Paper {n}") for n in range(25)]
    early = paper_item(title="Early", observed_at="2026-05-10T23:30:00+00:00")
    assert "events --since 2026-05-10\n" in wording_of(message(*items, early), ZoneInfo("Europe/Zurich")).body


def test_a_digest_is_grouped_by_person_and_says_first_what_is_in_it() -> None:
    """Its papers come before its metrics; what several share has a place of its own, and what is of nobody the last."""
    both = ["Ada Moreno", "Bo Lindqvist"]
    items = [
        paper_item(title="P1", person="Bo Lindqvist"),
        paper_item(title="P2", people=both),
        profile_item("host.down", after="x is down"),
        metric_item("citations", 1, 2),
        metric_item("citations", 1, 3, person="Bo Lindqvist"),
    ]
    blocks = wording_of(message(*items, digest=True)).body.split("\n\n")
    assert [block.splitlines()[0] for block in blocks[:-1]] == [
        "2 new papers and 2 changed metrics of Bo Lindqvist and Ada Moreno; 1 host down",
        "— Ada Moreno —",
        "Changed metric",
        "— Ada Moreno and Bo Lindqvist —",
        "New paper",
        "— Bo Lindqvist —",
        "New paper",
        "Changed metric",
        "— Scholarwatch itself —",
        "Host down",
    ]


def test_times_are_those_of_the_receivers_clock() -> None:
    zone = ZoneInfo("Asia/Kolkata")
    item = profile_item("host.down", after="x has not answered since 2026-05-12 20:00 UTC") | {
        "why": "rule “r”: since 2026-05-12 20:00 UTC"
    }
    wording = wording_of(message(item), zone)
    assert wording.subject == "Host down: x has not answered since 2026-05-13 01:30 IST"
    assert wording.body == dedent(
        """\
        Host down
          x has not answered since 2026-05-13 01:30 IST
          Noticed on 2026-05-13 15:00 IST
          Why: rule “r”: since 2026-05-13 01:30 IST

        Scholarwatch, message m1 of 2026-05-13 15:00 IST"""
    )


@pytest.mark.parametrize(
    ("pairs", "line"),
    [
        ([], ""),
        ([["Ada", "Bo"]], "First paper together of Ada and Bo"),
        ([["Ada", "Bo"], ["Ada", "Cy"], ["Bo", "Cy"]], "First paper together of Ada, Bo and Cy"),
        ([["Ada", "Bo"], ["Bo", "Cy"]], "First paper together of Ada and Bo, and of Bo and Cy"),
    ],
)
def test_first_together(pairs: list[list[str]], line: str) -> None:
    lines = body_of(paper_item(first_together=pairs, authors=["Ada"])).splitlines()
    assert lines[2:-2] == [f"  {said}" for said in (line, "Ada") if said]


@pytest.mark.parametrize(
    ("events", "said"),
    [([], ""), (["e1"], " (event e1)"), (["e1", "e2"], " (events e1 and e2)"), (["e1", "e2", "e3"], " (events e1 and 2 more)")],
)  # fmt: skip
def test_an_item_names_its_event(events: list[str], said: str) -> None:
    assert f"First seen on 2026-05-13 09:30 UTC{said}\n" in body_of(paper_item(events=events))


def test_scenario_32_hostile_text_is_inert() -> None:
    title = "Fine\x1b[31m red\x1b]0;x\x07\r\n  https://evil.example\u202e<script>"
    wording = wording_of(message(paper_item(title=title, authors=["A\nB"], person="P\u2066")))
    assert wording.subject == "New paper by P: Fine red https://evil.example<script>"
    assert wording.body.splitlines()[:3] == [
        "New paper by P",
        "  Fine red https://evil.example<script>",
        "  A B",
    ]


@given(items)
def test_any_text_of_a_site_is_worded_without_harm(item: dict[str, Any]) -> None:
    wording = wording_of(message(item))
    for line in [wording.subject, *wording.body.split("\n")]:
        assert not {unicodedata.category(char) for char in line} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    # No text can start a line of its own.
    assert len(wording.body.split("\n\n")) == 2
