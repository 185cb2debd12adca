"""Many rules over many events: seconds for a hundred thousand, and so a moment for a thousand."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from alerts.judge import judge
from alerts.matching import RuleSet
from alerts.rules import parse_rules
from tests.alerts.examples import ADA, NOW, PAPER, Inbox, metric_event, paper_event
from tests.effort import seconds_of
from tracking.event import Event
from tracking.memory import Memory

ABSTRACT = "We let a verifier wait, and see what becomes of rewards. " * 20
METRICS = ("citations", "h_index", "papers", "ai_score")
MEMORY = Memory(
    values={metric: tuple((NOW - timedelta(days=days), 900 - days) for days in (9, 6, 3)) for metric in METRICS}
)


def rule(number: int) -> dict[str, Any]:
    metric = METRICS[number % len(METRICS)]
    where: tuple[dict[str, Any], ...] = (
        {"category": f"C{number}", "title": f"topic {number}"},
        {"coauthor": [f"A. Person{number}", f"B. Person{number}"]},
        {"title": rf"\btopic {number}\b", "has_code": True},
        {"abstract": rf"topic\s+{number}"},
        {
            "any": [{"title": f"word{number}|term{number}"}, {"coauthor": f"Person{number}, C."}],
            "not": {"category": "X"},
        },
        {"metric": metric, "delta": f">= {5000 + number}"},
        {"metric": metric, "delta": f">= {5000 + number}%", "within": "7d"},
        {"person": f"Person {number}"},
        {"tag": f"tag {number}", "score": ">= 90"},
        {"score": f"> {99 + number % 2}"},
    )
    return {"name": f"rule {number}", "on": ["paper.new", "metric.changed"], "where": where[number % len(where)]}


def event(number: int) -> Event:
    if number % 2:
        before = 900 + number
        return metric_event(METRICS[number % len(METRICS)], before, before + 3, id=f"e{number}")
    paper = replace(PAPER, title=f"{PAPER.title} {number}", abstract=f"{ABSTRACT} {number}", score=50.0)
    return paper_event(paper=paper, paper_key=f"k{number}", id=f"e{number}")


def test_two_hundred_rules_over_a_thousand_events() -> None:
    rules = RuleSet(parse_rules([rule(number) for number in range(200)]))
    events = [event(number) for number in range(1000)]

    def look() -> None:
        for one in events:
            judge([one], ADA, rules, [Inbox("me")], NOW, memory=MEMORY)

    assert seconds_of(look, enough=0.8) < 0.8
