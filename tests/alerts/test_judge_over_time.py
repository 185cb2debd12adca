"""What is done about an event with what was told before: silences, inhibition, cooldown, damping, waiting."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from alerts.judge import judge
from alerts.rules import DEFAULT_RULES, parse_rules
from tests.alerts.examples import ADA, NOW, PAPER, YESTERDAY, Inbox, metric_event, paper_event, profile_event
from tracking.alert import Verdict, VerdictKind
from tracking.event import Event, EventKind
from tracking.memory import NO_MEMORY, Heard, Memory
from tracking.silence import Silence

ME, LOG = Inbox("me"), Inbox("log")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TEN = {"name": "ten", "on": ["metric.changed", "metric.recount"], "where": {"delta": "abs >= 10"}}
COOLING = TEN | {"cooldown": "24h"}


def heard(event: Event, at: datetime, *, rules: Sequence[str] = ("ten",), receiver: str = "me") -> Heard:
    """The receiver has heard of an event like this one at a time."""
    return Heard(
        event_id=f"earlier {at}",
        receiver=receiver,
        rules=tuple(rules),
        kind=event.kind,
        field=event.field,
        paper_key=event.paper_key,
        before=event.before,
        after=event.after,
        observed_at=at,
    )


def verdict(event: Event, *rules: dict[str, Any], memory: Memory = NO_MEMORY, **more: Any) -> Verdict:
    """About one event for one receiver."""
    parsed = parse_rules(list(rules)) if rules else DEFAULT_RULES
    [found] = judge([event], ADA, parsed, [ME], NOW, memory=memory, **more)
    return found


# ---- silences


def silence(**matcher: Any) -> Silence:
    values = {"silence_id": "1", "begins_at": YESTERDAY, "ends_at": NOW + DAY, "reason": "holidays"}
    return Silence(**(values | matcher))


@pytest.mark.parametrize(
    ("matcher", "silenced"),
    [
        ({}, True),
        ({"receiver": "ME"}, True),
        ({"receiver": "log"}, False),
        ({"rule": "Ten"}, True),
        ({"rule": "others"}, False),
        ({"person": "ada  moreno"}, True),
        ({"person": "Bo"}, False),
        ({"tag": "RL"}, True),
        ({"tag": "nlp"}, False),
        ({"source": "scholarfeed"}, True),
        ({"source": "arxiv"}, False),
        ({"metric": "H-index"}, True),
        ({"metric": "citations"}, False),
        ({"kinds": (EventKind.METRIC_CHANGED,)}, True),
        ({"kinds": (EventKind.PAPER_NEW,)}, False),
        ({"metric": "h_index", "person": "Bo"}, False),
        ({"ends_at": NOW}, False),
        ({"begins_at": NOW + HOUR}, False),
    ],
)
def test_a_silence_holds_for_what_it_names(matcher: dict[str, Any], silenced: bool) -> None:
    found = verdict(metric_event("h_index", 10, 20), TEN, silences=[silence(**matcher)])
    assert found.kind is (VerdictKind.SILENCED if silenced else VerdictKind.SENT)
    if silenced:
        assert (found.why, found.rules, found.item) == ("silenced until 2026-05-14 09:30 UTC: holidays", ("ten",), None)


def test_a_paper_has_no_metric_to_be_silenced() -> None:
    assert verdict(paper_event(), silences=[silence(metric="citations")]).kind is VerdictKind.SENT


def test_rules_that_are_silenced_drop_out_and_others_tell() -> None:
    event, other = metric_event("citations", 10, 20), TEN | {"name": "other"}
    found = verdict(event, TEN, other, silences=[silence(rule="ten")])
    assert (found.kind, found.rules) == (VerdictKind.SENT, ("other",))
    both = [silence(rule="ten"), silence(rule="other", reason="too much", ends_at=None)]
    found = verdict(event, TEN, other, silences=both)
    assert (found.kind, found.rules) == (VerdictKind.SILENCED, ("ten", "other"))
    assert found.why == "silenced until 2026-05-14 09:30 UTC: holidays; silenced until somebody ends it: too much"


def test_what_no_rule_asks_for_is_not_silenced() -> None:
    assert verdict(metric_event("citations", 10, 11), TEN, silences=[silence()]).kind is VerdictKind.NO_RULE


# ---- inhibition


@pytest.mark.parametrize("kind", list(EventKind))
def test_what_follows_from_a_host_being_down_is_inhibited(kind: EventKind) -> None:
    down = Memory(host_down_since=YESTERDAY)
    found = verdict(profile_event(kind), {"name": "all", "on": [str(one) for one in EventKind]}, memory=down)
    inhibited = kind in (EventKind.SOURCE_DRIFT, EventKind.PROFILE_GONE, EventKind.PROFILE_STALE)
    assert found.kind is (VerdictKind.INHIBITED if inhibited else VerdictKind.SENT)
    if inhibited:
        assert found.why == "it follows from the host being down, which was told on 2026-05-12 09:30 UTC"


# ---- cooldown


def test_scenario_17_a_cooldown_sums_what_happens_meanwhile() -> None:
    """+107 is told, +12 an hour later is not, +5 two days later is told with it."""
    first = metric_event("citations", 1204, 1311, observed_at=NOW - 2 * DAY - HOUR, id="e1", since=NOW - 9 * DAY)
    second = metric_event("citations", 1311, 1323, observed_at=NOW - 2 * DAY, id="e2", since=first.observed_at)
    third = metric_event("citations", 1323, 1328, observed_at=NOW, id="e3", since=second.observed_at)
    found = judge([first, second, third], ADA, parse_rules([COOLING]), [ME], NOW)
    assert [one.kind for one in found] == [VerdictKind.SENT, VerdictKind.COOLDOWN, VerdictKind.SENT]
    assert found[1].why == "rule “ten” cools down until 2026-05-12 08:30 UTC"
    assert found[1].rules == ("ten",)
    item = found[2].item
    assert item is not None
    assert (item["before"], item["after"], item["since"]) == (1311, 1328, first.observed_at.isoformat())
    assert item["summed"] is True
    assert (
        found[2].why == "rule “ten”: citations rose by 17 since 2026-05-11 08:30 UTC, a change of at least 10 was asked"
    )
    assert "summed" not in (found[0].item or {})


def test_without_a_cooldown_each_step_is_measured_alone() -> None:
    told = Memory(heard=(heard(metric_event("citations", 1204, 1311), YESTERDAY),))
    found = verdict(metric_event("citations", 1311, 1316), TEN, memory=told)
    assert (found.kind, found.why) == (
        VerdictKind.NO_RULE,
        "“ten” does not ask for it: citations rose by 5, a change of at least 10 was asked",
    )


@pytest.mark.parametrize(
    ("event", "earlier", "kind"),
    [
        pytest.param(metric_event("citations", 20, 30), heard(metric_event("citations", 1, 15), NOW - 24 * HOUR), VerdictKind.SENT, id="the-time-is-over"),
        pytest.param(metric_event("citations", 20, 30), heard(metric_event("citations", 1, 15), NOW - 23 * HOUR), VerdictKind.COOLDOWN, id="it-is-not"),
        pytest.param(metric_event("citations", 20, 16), heard(metric_event("citations", 1, 15), NOW - 23 * HOUR), VerdictKind.NO_RULE, id="not-asked-for-since-told"),
        pytest.param(metric_event("citations", 30, 15, kind=EventKind.METRIC_RECOUNT), heard(metric_event("citations", 1, 30), NOW - HOUR), VerdictKind.COOLDOWN, id="a-recount-is-of-the-same-metric"),
        pytest.param(metric_event("h_index", 20, 30), heard(metric_event("citations", 1, 15), NOW - HOUR), VerdictKind.SENT, id="another-metric"),
        pytest.param(metric_event("citations", 20, 30), heard(metric_event("citations", 1, 15), NOW - HOUR, rules=("other",)), VerdictKind.SENT, id="by-another-rule"),
        pytest.param(metric_event("citations", 20, 30), heard(metric_event("citations", 1, 15), NOW - HOUR, receiver="log"), VerdictKind.SENT, id="to-another-receiver"),
        pytest.param(metric_event("citations", 20, 30), heard(metric_event("citations", 1, 15), NOW + HOUR), VerdictKind.SENT, id="told-of-a-later-day"),
    ],
)  # fmt: skip
def test_the_same_rule_the_same_receiver_the_same_metric(event: Event, earlier: Heard, kind: VerdictKind) -> None:
    assert verdict(event, COOLING, memory=Memory(heard=(earlier,))).kind is kind


def test_papers_cool_down_each_for_itself() -> None:
    rule = {"name": "ten", "on": "paper.enriched", "cooldown": "7d"}
    told = heard(paper_event(EventKind.PAPER_ENRICHED, field="score", after=90.0), YESTERDAY)
    memory = Memory(heard=(told,))
    again = paper_event(EventKind.PAPER_ENRICHED, field="score", after=95.0)
    assert verdict(again, rule, memory=memory).kind is VerdictKind.COOLDOWN
    assert verdict(replace(again, paper_key="arxiv:1"), rule, memory=memory).kind is VerdictKind.SENT
    assert verdict(replace(again, field="has_code"), rule, memory=memory).kind is VerdictKind.SENT


def test_a_milestone_is_not_cooled_down() -> None:
    rule = {"name": "ten", "on": ["metric.changed", "metric.milestone"], "cooldown": "7d"}
    passed = metric_event("h_index", 29, 30, kind=EventKind.METRIC_MILESTONE)
    told = (heard(metric_event("h_index", 28, 29), NOW - HOUR), heard(passed, NOW - HOUR))
    found = verdict(replace(passed, after=31, before=30), rule, memory=Memory(heard=told))
    assert (found.kind, found.item and found.item["before"]) == (VerdictKind.SENT, 30)


def test_rules_that_cool_down_drop_out_and_others_tell() -> None:
    told = Memory(heard=(heard(metric_event("citations", 1, 15), YESTERDAY + HOUR),))
    found = verdict(metric_event("citations", 20, 31), COOLING, TEN | {"name": "other"}, memory=told)
    assert (found.kind, found.rules) == (VerdictKind.SENT, ("other",))
    assert found.item is not None
    assert found.item["before"] == 20


def test_an_item_goes_over_the_longest_time_that_a_rule_sums() -> None:
    told = Memory(heard=(heard(metric_event("citations", 1, 15), NOW - 9 * DAY),))
    found = verdict(metric_event("citations", 20, 31), TEN | {"name": "other"}, COOLING, memory=told)
    assert found.rules == ("other", "ten")
    assert found.item is not None
    assert (found.item["before"], found.item["after"]) == (15, 31)


# ---- within

SLOW = {"name": "ten", "on": "metric.changed", "where": {"delta": ">= 10", "within": "7d"}}


def test_small_steps_within_a_week_are_told_together() -> None:
    spells = tuple((NOW - timedelta(days=days), 140 - days) for days in (10, 6, 4, 2))
    found = verdict(metric_event("citations", 138, 141), SLOW, memory=Memory(values={"citations": spells}))
    assert found.kind is VerdictKind.SENT
    assert found.why == (
        "rule “ten”: citations rose by 11 since 2026-05-06 09:30 UTC, at least 10 was asked within 7 days"
    )
    assert found.item is not None
    assert (found.item["before"], found.item["since"]) == (130, (NOW - 7 * DAY).isoformat())


def test_what_was_told_within_the_week_is_not_counted_again() -> None:
    spells = tuple((NOW - timedelta(days=days), 140 - days) for days in (10, 6, 4, 2))
    told = heard(metric_event("citations", 120, 136), NOW - 4 * DAY)
    memory = Memory(values={"citations": spells}, heard=(told,))
    found = verdict(metric_event("citations", 138, 141), SLOW, memory=memory)
    assert (found.kind, found.why) == (
        VerdictKind.NO_RULE,
        "“ten” does not ask for it: citations rose by 3, at least 10 within 7 days was asked",
    )


# ---- damping


@pytest.mark.parametrize(
    ("event", "earlier", "damped"),
    [
        pytest.param(metric_event("h_index", 29, 30), metric_event("h_index", 28, 30), True, id="a-value-that-was-heard"),
        pytest.param(metric_event("h_index", 29, 30), metric_event("h_index", 30, 29), False, id="what-it-was-before"),
        pytest.param(metric_event("h_index", 29, 30), metric_event("papers", 29, 30), False, id="another-metric"),
        pytest.param(metric_event("h_index", 30, 20, kind=EventKind.METRIC_RECOUNT), metric_event("h_index", 19, 20), True, id="recounted-to-it"),
        pytest.param(metric_event("h_index", 29, 30, kind=EventKind.METRIC_MILESTONE), metric_event("h_index", 29, 30, kind=EventKind.METRIC_MILESTONE), False, id="a-milestone"),
        pytest.param(paper_event(EventKind.PAPER_RETURNED), paper_event(EventKind.PAPER_RETURNED), True, id="a-paper-comes-and-goes"),
        pytest.param(paper_event(EventKind.PAPER_RETURNED), paper_event(EventKind.PAPER_REMOVED), False, id="another-kind"),
        pytest.param(paper_event(EventKind.PAPER_RETURNED), paper_event(EventKind.PAPER_RETURNED, paper_key="k"), False, id="another-paper"),
        pytest.param(profile_event(EventKind.PROFILE_RENAMED, field="name", before="B", after="A"), profile_event(EventKind.PROFILE_RENAMED, field="name", before="C", after="A"), True, id="a-name"),
        pytest.param(profile_event(EventKind.PROFILE_RENAMED, field="name", after="A"), profile_event(EventKind.PROFILE_RENAMED, field="name", after="B"), False, id="another-name"),
        pytest.param(profile_event(EventKind.PROFILE_SUSPECT, after="q"), profile_event(EventKind.PROFILE_SUSPECT, after="q"), False, id="a-question"),
        pytest.param(profile_event(EventKind.SOURCE_DRIFT, after="d"), profile_event(EventKind.SOURCE_DRIFT, after="d"), False, id="another-outbreak"),
        pytest.param(profile_event(EventKind.RECEIVER_OFF, after="d"), profile_event(EventKind.RECEIVER_OFF, after="d"), False, id="an-operation"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(("age", "is_recent"), [(14 * DAY, True), (14 * DAY + HOUR, False), (HOUR, True)])
def test_what_goes_back_and_forth_is_told_once(
    event: Event, earlier: Event, damped: bool, age: timedelta, is_recent: bool
) -> None:
    rule = {"name": "all", "on": [str(one) for one in EventKind]}
    found = verdict(event, rule, memory=Memory(heard=(heard(earlier, NOW - age),)))
    assert found.kind is (VerdictKind.FLAPPING if damped and is_recent else VerdictKind.SENT)
    if found.kind is VerdictKind.FLAPPING:
        assert found.why.startswith("me has heard the same on 2026-")
        assert found.rules == ("all",)


@pytest.mark.parametrize(
    ("kind", "field", "age", "damped"),
    [
        (EventKind.HOST_DOWN, None, DAY, True),
        (EventKind.HOST_DOWN, None, DAY + HOUR, False),
        (EventKind.HOST_DOWN, "robots", HOUR, False),
        (EventKind.HOST_BACK, None, HOUR, False),
    ],
)
def test_a_host_that_is_down_again_within_a_day(
    kind: EventKind, field: str | None, age: timedelta, damped: bool
) -> None:
    event = profile_event(kind, field=field, after="down since 9:30")
    memory = Memory(heard=(heard(profile_event(EventKind.HOST_DOWN, after="down since 8:30"), NOW - age),))
    assert verdict(event, memory=memory).kind is (VerdictKind.FLAPPING if damped else VerdictKind.SENT)


# ---- waiting

WITH_CODE = {"name": "with code", "on": "paper.new", "where": {"has_code": True, "person": "Ada Moreno"}, "wait": "30d"}
BARE = replace(PAPER, has_code=None)
BADGE = paper_event(EventKind.PAPER_ENRICHED, field="has_code", before=None, after=True, id="e2")
SHOWN = Memory(news={"arxiv:2605.01234": NOW - 9 * DAY})


def test_scenario_16_a_rule_waits_for_what_a_new_paper_lacks() -> None:
    found = verdict(paper_event(paper=BARE), WITH_CODE)
    assert (found.kind, found.rules) == (VerdictKind.WAITING, ("with code",))
    assert found.why == ("rule “with code” waits until 2026-06-12 09:30 UTC: it is not known whether it has code")
    found = verdict(BADGE, WITH_CODE, memory=SHOWN)
    assert (found.kind, found.rules) == (VerdictKind.SENT, ("with code",))
    assert found.why == "rule “with code”: new paper of 2026-05-04, person Ada Moreno, with code since today"
    assert found.item is not None
    assert found.item["kind"] == "paper.enriched"


@pytest.mark.parametrize(
    ("event", "rules", "kind"),
    [
        pytest.param(paper_event(), [WITH_CODE], VerdictKind.SENT, id="it-has-all"),
        pytest.param(paper_event(paper=BARE), [WITH_CODE | {"where": {"has_code": True, "person": "Bo"}}], VerdictKind.NO_RULE, id="nobody-it-is-about"),
        pytest.param(paper_event(paper=BARE), [WITH_CODE | {"where": {"not": {"has_code": False, "person": "Bo"}, "has_code": True}}], VerdictKind.WAITING, id="within-a-not"),
        pytest.param(paper_event(paper=BARE), [WITH_CODE, {"name": "all", "on": "paper.new"}], VerdictKind.SENT, id="another-rule-asks"),
        pytest.param(paper_event(paper=BARE), [WITH_CODE | {"notify": "log"}], VerdictKind.NO_RULE, id="for-somebody-else"),
        pytest.param(paper_event(EventKind.PAPER_LATE, paper=BARE), [WITH_CODE | {"on": ["paper.new", "paper.late"]}], VerdictKind.NO_RULE, id="not-new"),
    ],
)  # fmt: skip
def test_who_waits(event: Event, rules: list[dict[str, Any]], kind: VerdictKind) -> None:
    assert verdict(event, *rules).kind is kind


@pytest.mark.parametrize(
    ("event", "memory", "kind"),
    [
        pytest.param(BADGE, SHOWN, VerdictKind.SENT, id="in-time"),
        pytest.param(BADGE, Memory(news={"arxiv:2605.01234": NOW - 30 * DAY}), VerdictKind.SENT, id="on-the-last-day"),
        pytest.param(BADGE, Memory(news={"arxiv:2605.01234": NOW - 31 * DAY}), VerdictKind.NO_RULE, id="too-late"),
        pytest.param(BADGE, Memory(news={"arxiv:2605.01234": NOW + DAY}), VerdictKind.NO_RULE, id="not-new-yet"),
        pytest.param(BADGE, NO_MEMORY, VerdictKind.NO_RULE, id="never-new"),
        pytest.param(replace(BADGE, kind=EventKind.PAPER_RETURNED), SHOWN, VerdictKind.NO_RULE, id="brings-nothing"),
        pytest.param(replace(BADGE, field="score"), SHOWN, VerdictKind.NO_RULE, id="brings-what-is-not-asked-for"),
        pytest.param(replace(BADGE, paper=replace(PAPER, has_code=False)), SHOWN, VerdictKind.NO_RULE, id="still-lacks-it"),
        pytest.param(BADGE, replace(SHOWN, heard=(heard(paper_event(), NOW - 9 * DAY, rules=("with code",)),)), VerdictKind.NO_RULE, id="told-as-new"),
        pytest.param(BADGE, replace(SHOWN, heard=(heard(BADGE, NOW - DAY, rules=("with code",)),)), VerdictKind.NO_RULE, id="told-since"),
        pytest.param(BADGE, replace(SHOWN, heard=(heard(paper_event(), NOW - 9 * DAY, rules=("all",)),)), VerdictKind.SENT, id="told-by-another-rule"),
    ],
)  # fmt: skip
def test_what_was_waited_for(event: Event, memory: Memory, kind: VerdictKind) -> None:
    assert verdict(event, WITH_CODE, memory=memory).kind is kind


def test_a_paper_is_told_once_although_two_things_come_at_once() -> None:
    rule = WITH_CODE | {"where": {"any": [{"has_code": True}, {"score": ">= 90"}]}}
    score = paper_event(EventKind.PAPER_ENRICHED, field="score", before=None, after=98.1, id="e3")
    found = judge([BADGE, score], ADA, parse_rules([rule]), [ME], NOW, memory=SHOWN)
    assert [one.kind for one in found] == [VerdictKind.SENT, VerdictKind.NO_RULE]


def test_of_one_paper_by_several_people_there_is_one_topic() -> None:
    first, second = (
        verdict(replace(BADGE, id=name, profile_id=number), WITH_CODE, memory=SHOWN) for number, name in enumerate("ab")
    )
    assert first.topic == second.topic == "paper.enriched/arxiv:2605.01234/with code"
    plain = verdict(BADGE, {"name": "enriched", "on": "paper.enriched"}, WITH_CODE, memory=SHOWN)
    assert (plain.rules, plain.topic) == (("enriched", "with code"), None)


def test_each_receiver_for_itself() -> None:
    memory = replace(SHOWN, heard=(heard(BADGE, NOW - DAY, rules=("with code",)),))
    found = judge([BADGE], ADA, parse_rules([WITH_CODE]), [ME, LOG], NOW, memory=memory)
    assert [one.kind for one in found] == [VerdictKind.NO_RULE, VerdictKind.SENT]
