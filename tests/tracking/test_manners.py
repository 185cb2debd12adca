"""When a host may be asked, and what its answers mean for that: case by case."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tracking.host import Answered, AnswerKind, Grant, HostPolicy, HostState, Refused, RestReason
from tracking.manners import answered, given_back, grant, slowed

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MIDNIGHT = datetime(2026, 11, 23, tzinfo=UTC)
HOST = "www.example.org"

FREE = HostPolicy(min_interval_seconds=0)
FIVE_SECONDS = HostPolicy(min_interval_seconds=5, jitter=0.2)
STOPPING = HostPolicy(min_interval_seconds=0, stops_when_blocked=True)

GOOD = Answered(kind=AnswerKind.GOOD)
FAILED = Answered(kind=AnswerKind.FAILED, detail="it takes no connection")
THROTTLED = Answered(kind=AnswerKind.THROTTLED, detail="it answered 429")
BLOCKED = Answered(kind=AnswerKind.BLOCKED, detail="it shows a captcha")
FORBIDDEN = Answered(kind=AnswerKind.FORBIDDEN, detail="it answered 403")


def fresh(**known: Any) -> HostState:
    return replace(HostState(host=HOST), **known)


def after(*answers: Answered, policy: HostPolicy = FREE, state: HostState | None = None) -> HostState:
    """The state after these answers, which all came now."""
    state = state or fresh()
    for answer in answers:
        state = answered(state, policy, answer, NOW)
    return state


def refusal(state: HostState, at: datetime = NOW, policy: HostPolicy = FREE) -> Refused | None:
    """Why the host is not asked at this time; None: it is."""
    _, granted = grant(state, policy, at)
    return granted if isinstance(granted, Refused) else None


def pause(state: HostState) -> timedelta:
    """How long from now the host is left alone."""
    refused = refusal(state)
    return timedelta(0) if refused is None else refused.until - NOW


@pytest.mark.parametrize(
    ("chance", "gap_seconds"), [(0.0, 5.0), (0.5, 5.5), (1.0, 6.0)], ids=["shortest", "middle", "longest"]
)
def test_between_two_starts_lies_the_interval_and_a_little_by_chance(chance: float, gap_seconds: float) -> None:
    state, first = grant(fresh(), FIVE_SECONDS, NOW, chance=chance)
    assert first == Grant(NOW)

    _, second = grant(state, FIVE_SECONDS, NOW + SECOND, chance=chance)
    assert second == Grant(NOW + timedelta(seconds=gap_seconds))


def test_a_late_turn_pushes_those_after_it() -> None:
    state, _ = grant(fresh(), FIVE_SECONDS, NOW, chance=0)
    state, late = grant(state, FIVE_SECONDS, NOW + MINUTE, chance=0)
    assert late == Grant(NOW + MINUTE)
    assert state.next_start_at == NOW + MINUTE + 5 * SECOND


@pytest.mark.parametrize(
    ("policy", "wanted", "turns"),
    [
        (FREE, 100, 100),
        (FREE, 1, 1),
        (replace(FREE, daily_budget=30), 100, 30),
        (FIVE_SECONDS, 100, 1),
    ],
    ids=["no gap", "one", "what the budget leaves", "a gap"],
)
def test_turns_are_given_in_blocks_where_there_is_no_gap(policy: HostPolicy, wanted: int, turns: int) -> None:
    state, granted = grant(fresh(), policy, NOW, wanted=wanted)
    assert granted == Grant(NOW, turns)
    assert (state.day, state.granted) == (NOW.date(), turns)


def test_the_day_s_budget_comes_back_at_midnight() -> None:
    policy = replace(FREE, daily_budget=20_000)
    state, _ = grant(fresh(), policy, NOW, wanted=20_000)
    refused = refusal(state, policy=policy)
    assert refused == Refused(RestReason.BUDGET, MIDNIGHT, "the day's 20,000 requests to www.example.org are used up")

    state, granted = grant(state, policy, MIDNIGHT)
    assert granted == Grant(MIDNIGHT)
    assert (state.day, state.granted) == (date(2026, 11, 23), 1)


def test_a_turn_counts_for_the_day_on_which_it_starts() -> None:
    policy = replace(FIVE_SECONDS, daily_budget=1)
    before_midnight = MIDNIGHT - 2 * SECOND
    state, _ = grant(fresh(), policy, before_midnight, chance=0)
    state, next_day = grant(state, policy, before_midnight, chance=0)
    assert next_day == Grant(MIDNIGHT + 3 * SECOND)
    assert refusal(state, MIDNIGHT + MINUTE, policy) == Refused(
        RestReason.BUDGET, MIDNIGHT + DAY, "the day's 1 requests to www.example.org are used up"
    )


def test_what_is_given_back_can_be_given_again() -> None:
    policy = replace(FREE, daily_budget=10)
    state, _ = grant(fresh(), policy, NOW, wanted=10)
    state = given_back(state, Grant(NOW, 4))
    assert state.granted == 6
    assert given_back(state, Grant(NOW - DAY, 4)).granted == 6, "of another day"
    assert given_back(state, Grant(NOW, 400)).granted == 0


@pytest.mark.parametrize(
    ("ahead", "policy", "waits"),
    [
        (6 * SECOND, FIVE_SECONDS, True),
        (MINUTE, FIVE_SECONDS, True),
        (HOUR, FIVE_SECONDS, False),
        (400 * DAY, FIVE_SECONDS, False),
        (6 * SECOND, FREE, False),
    ],
    ids=["the gap", "a queue of processes", "no queue is so long", "another clock", "no gap"],
)
def test_a_start_that_no_gap_explains_is_of_another_clock(ahead: timedelta, policy: HostPolicy, waits: bool) -> None:
    _, granted = grant(fresh(next_start_at=NOW + ahead), policy, NOW)
    assert granted == Grant(NOW + ahead if waits else NOW)


@pytest.mark.parametrize(
    ("ahead", "rests"), [(-HOUR, False), (timedelta(0), False), (HOUR, True), (7 * DAY, True), (30 * DAY, False)]
)
def test_a_rest_that_no_rule_explains_is_of_another_clock(ahead: timedelta, rests: bool) -> None:
    state = fresh(rest_until=NOW + ahead, rest_reason=RestReason.COOLING_DOWN, rest_detail="it answered 429")
    expected = Refused(RestReason.COOLING_DOWN, NOW + ahead, "www.example.org is left alone: it answered 429")
    assert refusal(state) == (expected if rests else None)


@pytest.mark.parametrize(
    ("seconds", "rest"),
    [(3600, HOUR), (0.5, SECOND / 2), (10**9, 7 * DAY), (0, 15 * MINUTE), (None, 15 * MINUTE)],
    ids=["an hour", "a moment", "a year", "no time at all", "not said"],
)
def test_retry_after_is_honoured_within_reason(seconds: float | None, rest: timedelta) -> None:
    assert pause(after(replace(THROTTLED, retry_after_seconds=seconds))) == rest


@pytest.mark.parametrize("complaint", [THROTTLED, BLOCKED], ids=lambda answer: answer.kind.value)
def test_each_refusal_in_a_row_makes_the_rest_longer(complaint: Answered) -> None:
    state, at, rests = fresh(), NOW, []
    for _ in range(6):
        state = answered(state, FREE, complaint, at)
        refused = refusal(state, at)
        assert refused is not None
        rests.append(refused.until - at)
        at = refused.until
    assert rests == [15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 4 * HOUR]


def test_refusals_that_were_under_way_together_are_one() -> None:
    assert pause(after(THROTTLED, THROTTLED, THROTTLED)) == 15 * MINUTE


def test_a_captcha_after_a_good_answer_is_still_in_a_row() -> None:
    """What a page is, is known only after its answer: each captcha was a good answer first."""
    state = after(GOOD, BLOCKED)
    again = NOW + 20 * MINUTE
    state = answered(answered(state, FREE, GOOD, again), FREE, BLOCKED, again)
    assert refusal(state, again) == Refused(
        RestReason.COOLING_DOWN, again + 30 * MINUTE, "www.example.org is left alone: it shows a captcha"
    )


def test_a_host_that_was_good_for_as_long_as_it_rested_begins_anew() -> None:
    state = answered(after(THROTTLED), FREE, GOOD, NOW + 30 * MINUTE)
    state = answered(state, FREE, THROTTLED, NOW + HOUR)
    assert refusal(state, NOW + HOUR) == Refused(
        RestReason.COOLING_DOWN, NOW + 75 * MINUTE, "www.example.org is left alone: it answered 429"
    )


@pytest.mark.parametrize("answer", [BLOCKED, FORBIDDEN], ids=lambda answer: answer.kind.value)
def test_the_first_captcha_ends_the_day_where_that_is_the_policy(answer: Answered) -> None:
    state = after(answer, policy=STOPPING)
    refused = refusal(state, policy=STOPPING)
    assert refused is not None
    assert (refused.reason, refused.until) == (RestReason.COOLING_DOWN, MIDNIGHT)
    assert refusal(state, MIDNIGHT, STOPPING) is None


def test_a_used_up_quota_is_a_rest_and_no_fault() -> None:
    state = after(FAILED, replace(GOOD, retry_after_seconds=600, detail="the quota is used up"))
    assert (state.failures, state.throttlings) == (0, 0)
    assert refusal(state) == Refused(
        RestReason.COOLING_DOWN, NOW + 10 * MINUTE, "www.example.org is left alone: the quota is used up"
    )


@pytest.mark.parametrize(
    ("first", "then", "rest"),
    [
        (3600, 60, HOUR),
        (60, 3600, HOUR),
    ],
    ids=["the longer first", "the longer last"],
)
def test_of_two_rests_the_longer_holds(first: float, then: float, rest: timedelta) -> None:
    state = after(replace(THROTTLED, retry_after_seconds=first), replace(THROTTLED, retry_after_seconds=then))
    assert pause(state) == rest


@pytest.mark.parametrize("answer", [FAILED, FORBIDDEN], ids=lambda answer: answer.kind.value)
def test_the_fifth_failure_in_a_row_opens_the_breaker(answer: Answered) -> None:
    assert refusal(after(*[answer] * 4)) is None
    refused = refusal(after(*[answer] * 5))
    assert refused == Refused(
        RestReason.BROKEN,
        NOW + 15 * MINUTE,
        f"www.example.org is left alone: 5 requests in a row failed; the last: {answer.detail}",
    )


def test_a_failure_that_says_nothing_opens_it_too() -> None:
    refused = refusal(after(*[Answered(kind=AnswerKind.FAILED)] * 5))
    assert refused is not None
    assert refused.detail == "www.example.org is left alone: 5 requests in a row failed"


def test_a_good_answer_in_between_is_no_row() -> None:
    assert refusal(after(FAILED, FAILED, FAILED, FAILED, GOOD, FAILED, FAILED, FAILED, FAILED)) is None


def test_failures_that_were_under_way_do_not_make_the_pause_longer() -> None:
    assert pause(after(*[FAILED] * 13)) == 15 * MINUTE


def test_after_the_pause_exactly_one_request_tries() -> None:
    state = after(*[FAILED] * 5)
    later = NOW + 15 * MINUTE
    state, probe = grant(state, FREE, later, wanted=100)
    assert probe == Grant(later, 1, probe=True)

    refused = refusal(state, later + SECOND)
    assert refused is not None
    assert refused.reason is RestReason.BROKEN
    assert "one request is under way" in refused.detail

    back = answered(state, FREE, GOOD, later + 2 * SECOND)
    assert (back.failures, back.openings, back.probing, back.rest_until) == (0, 0, False, None)
    assert refusal(back, later + 2 * SECOND) is None


def test_each_probe_that_fails_doubles_the_pause() -> None:
    state, at, pauses = after(*[FAILED] * 5), NOW, []
    for _ in range(6):
        refused = refusal(state, at)
        assert refused is not None
        pauses.append(refused.until - at)
        state, probe = grant(state, FREE, refused.until)
        assert isinstance(probe, Grant)
        at = refused.until + SECOND
        state = answered(state, FREE, FAILED, at)
    assert pauses == [15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 4 * HOUR]


def test_a_probe_whose_sender_is_gone_is_sent_again() -> None:
    state, _ = grant(after(*[FAILED] * 5), FREE, NOW + 15 * MINUTE)
    assert refusal(state, NOW + 19 * MINUTE) is not None
    _, again = grant(state, FREE, NOW + 20 * MINUTE)
    assert again == Grant(NOW + 20 * MINUTE, 1, probe=True)


def test_a_probe_that_was_not_sent_lets_the_next_one_go() -> None:
    state, probe = grant(after(*[FAILED] * 5), FREE, NOW + HOUR)
    assert isinstance(probe, Grant)
    _, again = grant(given_back(state, probe), FREE, NOW + HOUR)
    assert again == Grant(NOW + HOUR, 1, probe=True)

    failed = answered(state, FREE, FAILED, NOW + HOUR)
    assert refusal(given_back(failed, probe), NOW + HOUR) is not None, "its answer had come already"


def test_a_probe_that_is_throttled_rests_as_asked_and_probes_again() -> None:
    state, _ = grant(after(*[FAILED] * 5), FREE, NOW + HOUR)
    state = answered(state, FREE, THROTTLED, NOW + HOUR)
    assert refusal(state, NOW + HOUR) == Refused(
        RestReason.COOLING_DOWN, NOW + 75 * MINUTE, "www.example.org is left alone: it answered 429"
    )
    _, again = grant(state, FREE, NOW + 75 * MINUTE)
    assert again == Grant(NOW + 75 * MINUTE, 1, probe=True)


def test_what_the_host_asked_for_outlasts_the_breaker() -> None:
    """Requests are under way together: one is told to come back in ten minutes, others fail, one is well."""
    told = replace(THROTTLED, retry_after_seconds=600)
    for answers in ([told, *[FAILED] * 5, GOOD], [*[FAILED] * 5, told, GOOD]):
        refused = refusal(after(*answers))
        assert refused is not None
        assert refused.reason is RestReason.COOLING_DOWN
        assert refused.until >= NOW + 10 * MINUTE


def test_robots_can_only_slow_a_host_down() -> None:
    assert slowed(FIVE_SECONDS, 0) == FIVE_SECONDS
    assert slowed(FIVE_SECONDS, 60).min_interval_seconds == 60
