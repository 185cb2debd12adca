"""What is done about each event for each receiver."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from alerts.judge import judge
from alerts.rules import DEFAULT_RULES, parse_rules
from tests.alerts.examples import ADA, NOW, Inbox, metric_event, paper_event, profile_event
from tracking.alert import Verdict, VerdictKind
from tracking.event import Cause, Event, EventKind
from tracking.reading import PaperReading

ME, LOG = Inbox("me"), Inbox("log", ZoneInfo("Europe/Zurich"))
RULES = parse_rules(
    [
        {"name": "daily", "on": "paper.new", "notify": "log", "every": "daily"},
        {"name": "weekly", "on": "paper.new", "notify": ["me", "log"], "every": "weekly"},
        {"name": "code", "on": "paper.new", "where": {"has_code": True}, "notify": ["me"]},
        {"name": "no code", "on": "paper.new", "where": {"has_code": False}, "notify": ["me"]},
    ]
)


def test_one_verdict_for_each_event_and_receiver() -> None:
    events = [paper_event(id="e1"), metric_event("citations", 1, 2, id="e2")]
    verdicts = judge(events, ADA, RULES, [ME, LOG], NOW)
    assert [(verdict.event_id, verdict.receiver, verdict.kind) for verdict in verdicts] == [
        ("e1", "me", VerdictKind.SENT),
        ("e1", "log", VerdictKind.DIGEST),
        ("e2", "me", VerdictKind.NO_RULE),
        ("e2", "log", VerdictKind.NO_RULE),
    ]


def test_several_rules_are_one_verdict_and_instant_wins() -> None:
    verdict = judge([paper_event()], ADA, RULES, [ME], NOW)[0]
    assert verdict.kind is VerdictKind.SENT
    assert verdict.rules == ("weekly", "code")
    assert verdict.not_before == NOW
    assert verdict.why == "rule “weekly”: a new paper; rule “code”: a new paper, with code"


def test_the_earliest_digest_counts() -> None:
    verdict = judge([paper_event()], ADA, RULES, [LOG], NOW)[0]
    assert verdict.rules == ("daily", "weekly")
    assert verdict.not_before == datetime(2026, 5, 14, 6, tzinfo=UTC)


def test_no_rule_says_which_came_near() -> None:
    event = paper_event(EventKind.PAPER_LATE)
    assert judge([event], ADA, RULES, [ME], NOW)[0] == Verdict(
        event_id="e1", receiver="me", kind=VerdictKind.NO_RULE, why="no rule of me is on paper.late"
    )
    picky = parse_rules(
        [
            {"name": "Bo's", "on": "paper.late", "where": {"person": "Bo"}},
            *(
                {"name": name, "on": "paper.late", "where": {"category": name}}
                for name in ("CL", "CV", "RO", "NE", "IR")
            ),
        ]
    )
    whys = [judge([event], ADA, rules, [ME], NOW)[0].why for rules in (picky[:1], picky[:2], picky[:5], picky)]
    assert whys == [
        "no rule of me on paper.late is about Ada Moreno at scholarfeed",
        "“CL” does not ask for it: the category is LG, CL was asked",
        "“CL” does not ask for it: the category is LG, CL was asked; "
        "“CV” does not ask for it: the category is LG, CV was asked; "
        "“RO” does not ask for it: the category is LG, RO was asked; nor does 1 more on paper.late",
        "“CL” does not ask for it: the category is LG, CL was asked; "
        "“CV” does not ask for it: the category is LG, CV was asked; "
        "“RO” does not ask for it: the category is LG, RO was asked; nor do 2 more on paper.late",
    ]


@pytest.mark.parametrize("cause", list(Cause))
def test_only_source_and_enrichment_notify(cause: Cause) -> None:
    verdict = judge([paper_event(cause=cause)], ADA, DEFAULT_RULES, [ME], NOW)[0]
    if cause in (Cause.SOURCE, Cause.ENRICHMENT):
        assert verdict.kind is VerdictKind.SENT
    else:
        assert (verdict.kind, verdict.item, verdict.not_before) == (VerdictKind.CAUSE, None, None)
        assert verdict.why == f"its cause is {cause}, which notifies nobody"


def test_scenario_15_enrichment_is_told_only_where_a_rule_asks() -> None:
    score = paper_event(EventKind.PAPER_ENRICHED, cause=Cause.ENRICHMENT, field="score", after=98.1)
    asking = parse_rules([{"name": "scores", "on": "paper.enriched", "where": {"score": ">= 90"}}])
    assert judge([score], ADA, DEFAULT_RULES, [ME], NOW)[0].kind is VerdictKind.NO_RULE
    assert judge([score], ADA, asking, [ME], NOW)[0].kind is VerdictKind.SENT


def test_item_of_a_paper() -> None:
    item = judge([paper_event()], ADA, DEFAULT_RULES, [ME], NOW)[0].item
    assert item == {
        "kind": "paper.new",
        "paper_key": "arxiv:2605.01234",
        "person": "Ada Moreno",
        "source": "scholarfeed",
        "profile_url": "https://feed.example/author/7",
        "title": "Patient Verifiers for Impatient Agents",
        "authors": ["Ada Moreno", "Bo Lindqvist"],
        "authors_complete": True,
        "category": "LG",
        "published": "2026-05-12",
        "year_inferred": True,
        "score": 98.1,
        "has_code": True,
        "arxiv_id": "2605.01234",
        "before": None,
        "after": None,
        "observed_at": "2026-05-13T09:30:00+00:00",
        "why": "rule “new papers”: a new paper",
    }


def test_what_a_page_does_not_say_is_not_in_the_item() -> None:
    event = paper_event(paper=PaperReading(title="A Title Alone"))
    item = judge([event], ADA, DEFAULT_RULES, [ME], NOW)[0].item
    assert item is not None
    assert set(item) == {
        *("kind", "person", "title", "before", "after", "observed_at", "why"),
        *("paper_key", "source", "profile_url"),
    }


def test_item_of_a_metric() -> None:
    item = judge([metric_event("citations", 17576, 17783)], ADA, DEFAULT_RULES, [ME], NOW)[0].item
    assert item == {
        "kind": "metric.changed",
        "person": "Ada Moreno",
        "source": "scholarfeed",
        "profile_url": "https://feed.example/author/7",
        "title": "citations",
        "field": "citations",
        "before": 17576,
        "after": 17783,
        "since": "2026-05-12T09:30:00+00:00",
        "observed_at": "2026-05-13T09:30:00+00:00",
        "why": "rule “metrics”: citations rose by 207, at least 1 % was asked",
    }


@pytest.mark.parametrize(
    ("event", "title"),
    [
        (profile_event(EventKind.PROFILE_BASELINE, after=50), "Ada Moreno"),
        (paper_event(paper_title=None), "Patient Verifiers for Impatient Agents"),
        (metric_event("h_index", 1, 200), "h-index"),
    ],
)
def test_every_item_has_a_title_and_is_json(event: Event, title: str) -> None:
    item = judge([event], ADA, DEFAULT_RULES, [ME], NOW)[0].item
    assert item is not None
    assert item["title"] == title
    assert json.loads(json.dumps(item)) == item
