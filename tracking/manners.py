"""The rules of `tracking.host`: when a host may be asked, and what its answers mean for that.

A time in a state that lies further ahead than the rules could have put it is of another clock (a run with another
``now``), and is ignored.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import assert_never

from tracking.host import Answered, AnswerKind, Grant, HostPolicy, HostState, Refused, RestReason

_SHORTEST_PAUSE = timedelta(minutes=15)
_LONGEST_PAUSE = timedelta(hours=4)
#: However long a host asks to be left alone.
_LONGEST_REST = timedelta(days=7)
#: What two machines' clocks may differ by, with room to spare.
_CLOCKS_DIFFER = timedelta(minutes=1)
#: Failures in a row that open the breaker.
_FAILURES = 5
#: A probe that has no answer by then never gets one: whoever sent it is gone.
_LONGEST_PROBE = timedelta(minutes=5)
#: Processes that may each hold a turn of one host which has not started yet.
_WAITING = 10


def grant(
    state: HostState, policy: HostPolicy, at: datetime, *, wanted: int = 1, chance: float = 0.5
) -> tuple[HostState, Grant | Refused]:
    """Give up to ``wanted`` turns at time ``at``; where there is a gap one at most.

    ``chance`` (0..1) says how much of the policy's jitter is added to the gap. The state is to be stored before the
    turn is used, and a caller that keeps to a gap asks again only after its last turn has started.
    """
    rest_until = _rest_until(state, at)
    if rest_until is not None:
        reason = state.rest_reason or RestReason.COOLING_DOWN
        return state, Refused(reason, rest_until, f"{state.host} is left alone: {state.rest_detail}")
    gap = timedelta(seconds=policy.min_interval_seconds)
    start_at = _earliest_start(state, at, gap * (1 + policy.jitter)) if gap else at
    today = _day(start_at)
    granted = state.granted if state.day == today else 0
    left = policy.daily_budget - granted
    if left <= 0:
        used_up = f"the day's {policy.daily_budget:,} requests to {state.host} are used up"
        return state, Refused(RestReason.BUDGET, _end_of(today), used_up)
    is_probe = state.openings > 0
    turns = 1 if gap or is_probe else min(wanted, left)
    state = replace(
        state,
        next_start_at=start_at + gap * (1 + policy.jitter * chance),
        day=today,
        granted=granted + turns,
    )
    if is_probe:
        state = replace(
            state,
            probing=True,
            rest_until=start_at + _LONGEST_PROBE,
            rest_reason=RestReason.BROKEN,
            rest_detail="it had failed, and one request is under way to see whether it is back",
        )
    return state, Grant(start_at, turns, is_probe)


def given_back(state: HostState, unused: Grant) -> HostState:
    """Take back ``unused.turns`` turns that were granted and will not be used."""
    if unused.probe and state.probing:
        state = replace(state, probing=False, rest_until=None, rest_reason=None, rest_detail="")
    if state.day != _day(unused.start_at):
        return state
    return replace(state, granted=max(0, state.granted - unused.turns))


def answered(state: HostState, policy: HostPolicy, answer: Answered, at: datetime) -> HostState:
    """What the answer to one request, which came at ``at``, means for the next ones."""
    match answer.kind:
        case AnswerKind.GOOD:
            state = _forgiven(state, at)
        case AnswerKind.BLOCKED | AnswerKind.FORBIDDEN if policy.stops_when_blocked:
            state = _resting(state, at, _end_of(_day(at)), RestReason.COOLING_DOWN, answer.detail)
        case AnswerKind.FAILED | AnswerKind.FORBIDDEN:
            state = _failed(state, answer, at)
        case AnswerKind.THROTTLED | AnswerKind.BLOCKED:
            state = state if answer.retry_after_seconds else _throttled(state, answer, at)
        case _:
            assert_never(answer.kind)
    if not answer.retry_after_seconds:
        return state
    asked = timedelta(seconds=min(answer.retry_after_seconds, _LONGEST_REST.total_seconds()))
    return _resting(state, at, at + asked, RestReason.COOLING_DOWN, answer.detail)


def slowed(policy: HostPolicy, crawl_delay_seconds: float) -> HostPolicy:
    """The policy with at least the gap that the host's robots.txt asks for."""
    return replace(policy, min_interval_seconds=max(policy.min_interval_seconds, crawl_delay_seconds))


def _forgiven(state: HostState, at: datetime) -> HostState:
    """A good answer closes the breaker; what the host asked for itself it still gets."""
    if state.rest_reason is RestReason.BROKEN:
        state = replace(state, rest_until=None, rest_reason=None, rest_detail="")
    if _has_kept_quiet(state, at):
        state = replace(state, throttlings=0)
    return replace(state, failures=0, openings=0, probing=False)


def _has_kept_quiet(state: HostState, at: datetime) -> bool:
    """True when the last pause is over for as long as it was.

    The first good answer is not enough: that a page was a captcha is known only after its answer was a good one.
    """
    return state.rest_until is None or at >= state.rest_until + _pause(state.throttlings)


def _throttled(state: HostState, answer: Answered, at: datetime) -> HostState:
    """The host wants rest and does not say for how long: longer each time."""
    if not state.probing and _rest_until(state, at) is not None:
        # It was under way when the rest began: one and the same complaint.
        return state
    state = replace(state, throttlings=state.throttlings + 1)
    return _resting(state, at, at + _pause(state.throttlings), RestReason.COOLING_DOWN, answer.detail)


def _failed(state: HostState, answer: Answered, at: datetime) -> HostState:
    state = replace(state, failures=state.failures + 1)
    if state.openings and not state.probing:
        # It was under way when the breaker opened.
        return state
    if not state.openings and state.failures < _FAILURES:
        return state
    state = replace(state, openings=state.openings + 1)
    last = f"; the last: {answer.detail}" if answer.detail else ""
    failed = f"{state.failures} requests in a row failed{last}"
    return _resting(state, at, at + _pause(state.openings), RestReason.BROKEN, failed)


def _resting(state: HostState, at: datetime, until: datetime, reason: RestReason, detail: str) -> HostState:
    """Rest until then at least. What the host asked for itself is neither shortened nor forgiven."""
    current = None if state.probing else _rest_until(state, at)
    state = replace(state, probing=False)
    if current is not None and state.rest_reason is RestReason.COOLING_DOWN:
        reason = RestReason.COOLING_DOWN
    if current is not None and current >= until:
        return replace(state, rest_reason=reason)
    return replace(state, rest_until=until, rest_reason=reason, rest_detail=detail)


def _rest_until(state: HostState, at: datetime) -> datetime | None:
    """When the rest that holds at this time ends; None: there is none."""
    until = state.rest_until
    if until is None or not at < until <= at + _LONGEST_REST + _CLOCKS_DIFFER:
        return None
    return until


def _earliest_start(state: HostState, at: datetime, longest_gap: timedelta) -> datetime:
    if state.next_start_at is None or state.next_start_at > at + _WAITING * longest_gap + _CLOCKS_DIFFER:
        return at
    return max(at, state.next_start_at)


def _pause(times: int) -> timedelta:
    """The pause after so many times in a row; none after none."""
    return min(_LONGEST_PAUSE, _SHORTEST_PAUSE * 2 ** (min(times, 10) - 1)) if times else timedelta(0)


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), UTC)
