"""Laws of judging: the order of rules means nothing, a cooldown loses nothing, damping swallows nothing new."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from alerts.judge import judge
from alerts.rules import Rule, parse_rules
from tests.alerts.examples import ADA, NOW, PAPER, Inbox, metric_event, paper_event
from tracking.alert import HEARD_OF, Verdict, VerdictKind
from tracking.event import Event, EventKind
from tracking.memory import Heard, Memory
from tracking.silence import Silence

ME = Inbox("me")
HOUR = timedelta(hours=1)
HOLIDAYS = Silence(silence_id="1", begins_at=NOW - 99 * HOUR, ends_at=None, reason="holidays", rule="rule 1")


def moves(steps: Sequence[tuple[int, int]]) -> list[Event]:
    """A metric that goes from value to value; of each step so many hours after the one before, and the value."""
    at, events = NOW, []
    since = NOW - HOUR
    for number, ((_, before), (hours, after)) in enumerate(pairwise([(0, 100), *steps])):
        at += hours * HOUR
        if before != after:
            event = metric_event("citations", before, after, observed_at=at, since=since, id=f"e{number}")
            events.append(event)
            since = at
    return events


def judged(events: Sequence[Event], rules: Sequence[Rule]) -> list[Verdict]:
    """Check by check, each with the memory of what was told before, as the store would have it."""
    heard: list[Heard] = []
    verdicts = []
    for event in events:
        [verdict] = judge([event], ADA, rules, [ME], event.observed_at, memory=Memory(heard=tuple(heard)))
        verdicts.append(verdict)
        if verdict.kind in HEARD_OF:
            heard.append(
                Heard(
                    event_id=event.id,
                    receiver="me",
                    rules=verdict.rules,
                    kind=event.kind,
                    field=event.field,
                    paper_key=event.paper_key,
                    before=event.before,
                    after=event.after,
                    observed_at=event.observed_at,
                )
            )
    return verdicts


steps = st.lists(st.tuples(st.integers(1, 400), st.integers(90, 110)), max_size=12)


@given(steps, st.integers(1, 300), st.integers(0, 8))
def test_what_a_cooldown_tells_adds_up(walk: list[tuple[int, int]], hours: int, least: int) -> None:
    rule = {"name": "r", "on": "metric.changed", "where": {"delta": f"abs >= {least}"}, "cooldown": f"{hours}h"}
    told = [one.item for one in judged(moves(walk), parse_rules([rule])) if one.item is not None]
    assert all(later["before"] == earlier["after"] for earlier, later in pairwise(told))
    if told:
        total = sum(item["after"] - item["before"] for item in told)
        assert total == told[-1]["after"] - told[0]["before"]


@given(steps, st.integers(1, 300))
def test_a_cooldown_is_kept(walk: list[tuple[int, int]], hours: int) -> None:
    events = moves(walk)
    found = judged(events, parse_rules([{"name": "r", "on": "metric.changed", "cooldown": f"{hours}h"}]))
    told_at = [event.observed_at for event, one in zip(events, found, strict=True) if one.kind in HEARD_OF]
    assert all(later - earlier >= hours * HOUR for earlier, later in pairwise(told_at))


@given(steps)
def test_damping_never_swallows_the_first_time(walk: list[tuple[int, int]]) -> None:
    events = moves(walk)
    heard: list[Event] = []
    for event, one in zip(events, judged(events, parse_rules([{"name": "r", "on": "metric.changed"}])), strict=True):
        before = [
            other
            for other in heard
            if other.after == event.after and event.observed_at - other.observed_at <= timedelta(days=14)
        ]
        assert (one.kind is VerdictKind.FLAPPING) == bool(before)
        if one.kind in HEARD_OF:
            heard.append(event)


@given(steps)
def test_judged_together_as_one_after_the_other(walk: list[tuple[int, int]]) -> None:
    """A replay hands over the events of many days at once."""
    rules = parse_rules(
        [
            {"name": "sum", "on": "metric.changed", "where": {"delta": "abs >= 4"}, "cooldown": "48h"},
            {"name": "all", "on": "metric.changed", "where": {"delta": "abs >= 9"}},
        ]
    )
    events = moves(walk)
    together = judge(events, ADA, rules, [ME], NOW)
    alone = judged(events, rules)
    assert [(one.kind, one.rules, one.item) for one in together] == [(one.kind, one.rules, one.item) for one in alone]


PARTS: list[dict[str, Any]] = [
    {},
    {"has_code": True},
    {"category": "CV"},
    {"score": ">= 50"},
    {"coauthor": "Bo Lindqvist"},
    {"delta": ">= 3"},
    {"delta": ">= 3", "within": "7d"},
]
rules = st.lists(
    st.tuples(
        st.sampled_from(PARTS),
        st.sampled_from(["instant", "daily"]),
        st.sampled_from([{}, {"cooldown": "24h"}, {"wait": "30d"}]),
    ),
    min_size=1,
    max_size=5,
)
EVENTS = [
    paper_event(id="new", paper=replace(PAPER, has_code=None, score=None)),
    paper_event(EventKind.PAPER_ENRICHED, field="has_code", before=None, after=True, id="badge"),
    metric_event("citations", 10, 14, id="moved"),
    metric_event("citations", 14, 19, id="again", observed_at=NOW + HOUR),
]


@given(rules, st.randoms(use_true_random=False))
def test_the_order_of_rules_means_nothing(
    chosen: list[tuple[dict[str, Any], str, dict[str, Any]]], random: Any
) -> None:
    on = ["paper.new", "paper.enriched", "metric.changed"]
    parsed = parse_rules(
        [
            {"name": f"rule {number}", "on": on, "where": where, "every": every} | more
            for number, (where, every, more) in enumerate(chosen)
        ]
    )
    memory = Memory(news={"arxiv:2605.01234": NOW - 5 * HOUR}, values={"citations": ((NOW - 900 * HOUR, 9),)})

    def outcome(order: Sequence[Rule]) -> list[Any]:
        found = judge(EVENTS, ADA, order, [ME], NOW, memory=memory, silences=[HOLIDAYS])
        return [
            (one.kind, sorted(one.rules), one.not_before, one.topic, {**(one.item or {}), "why": None}) for one in found
        ]

    shuffled = list(parsed)
    random.shuffle(shuffled)
    assert outcome(shuffled) == outcome(parsed)
