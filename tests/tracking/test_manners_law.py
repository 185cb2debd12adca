"""What holds whatever callers ask and hosts answer, over days."""

import json
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tracking.host import Answered, AnswerKind, Grant, HostPolicy, HostState, RestReason
from tracking.manners import answered, given_back, grant

START = datetime(2026, 11, 22, 22, tzinfo=UTC)
CALLERS = 5


@dataclass(frozen=True, slots=True)
class Step:
    """A caller asks after some seconds; then some answers come."""

    after_seconds: float
    caller: int
    wanted: int
    chance: float
    answers: tuple[Answered, ...]
    used: float
    """The share of the turns that is used; the rest is given back."""


answers = st.builds(
    Answered,
    kind=st.sampled_from(AnswerKind),
    retry_after_seconds=st.none() | st.sampled_from([0.0, 1.0, 60.0, 7200.0, 1e9]),
)
steps = st.lists(
    st.builds(
        Step,
        after_seconds=st.sampled_from([0.0, 0.5, 3.0, 20.0, 400.0, 1000.0, 5000.0, 40_000.0]),
        caller=st.integers(0, CALLERS - 1),
        wanted=st.integers(1, 40),
        chance=st.floats(0, 1),
        answers=st.lists(answers, max_size=7).map(tuple),
        used=st.sampled_from([0.0, 0.5, 1.0]),
    ),
    min_size=20,
    max_size=60,
)
policies = st.builds(
    HostPolicy,
    min_interval_seconds=st.sampled_from([0.0, 0.5, 5.0, 60.0]),
    jitter=st.sampled_from([0.0, 0.2, 1.0]),
    daily_budget=st.integers(1, 60),
    stops_when_blocked=st.booleans(),
)


def stored_and_loaded(state: HostState) -> HostState:
    """The state as any database would give it back."""
    row = json.loads(json.dumps(asdict(state), default=lambda value: value.isoformat()))
    return HostState(
        **row
        | {name: row[name] and datetime.fromisoformat(row[name]) for name in ("next_start_at", "rest_until")}
        | {"day": row["day"] and date.fromisoformat(row["day"])}
        | {"rest_reason": row["rest_reason"] and RestReason(row["rest_reason"])}
    )


@given(steps, policies, st.booleans())
def test_a_host_is_never_asked_too_much(steps: list[Step], policy: HostPolicy, is_stored: bool) -> None:
    state, at = HostState(host="www.example.org"), START
    starts: list[datetime] = []
    used: Counter[date] = Counter()
    last_start = [START] * CALLERS
    asked_to_rest_until = START
    for step in steps:
        at += timedelta(seconds=step.after_seconds)
        if last_start[step.caller] <= at:
            state, granted = grant(state, policy, at, wanted=step.wanted, chance=step.chance)
            if isinstance(granted, Grant):
                assert at >= asked_to_rest_until
                assert granted.start_at >= at
                last_start[step.caller] = granted.start_at
                turns = round(granted.turns * step.used)
                if turns < granted.turns:
                    state = given_back(state, Grant(granted.start_at, granted.turns - turns, granted.probe))
                starts += [granted.start_at] * turns
                used[granted.start_at.date()] += turns
            else:
                assert granted.until > at
        for answer in step.answers:
            state = answered(state, policy, answer, at)
            asked_to_rest_until = max(asked_to_rest_until, rest_asked_for(answer, at))
            if answer.kind is AnswerKind.GOOD:
                assert (state.failures, state.openings, state.probing) == (0, 0, False)
                assert state.rest_reason is not RestReason.BROKEN
        if is_stored:
            assert stored_and_loaded(state) == state
            state = stored_and_loaded(state)
    gap = timedelta(seconds=policy.min_interval_seconds)
    assert all(later - earlier >= gap for earlier, later in pairwise(sorted(starts)))
    assert all(turns <= policy.daily_budget for turns in used.values())


def rest_asked_for(answer: Answered, at: datetime) -> datetime:
    """When the host may be asked again at the earliest, as it said itself."""
    if answer.retry_after_seconds:
        return at + timedelta(seconds=min(answer.retry_after_seconds, 7 * 86_400))
    is_complaint = answer.kind in (AnswerKind.THROTTLED, AnswerKind.BLOCKED)
    # However often it complained: where it rests already for a moment, that moment may be all.
    return at + timedelta(microseconds=is_complaint)


@given(steps)
def test_while_the_breaker_is_open_one_request_at_a_time_tries(steps: list[Step]) -> None:
    policy = HostPolicy(min_interval_seconds=0)
    state, at = HostState(host="www.example.org"), START
    for _ in range(5):
        state = answered(state, policy, Answered(kind=AnswerKind.FAILED), at)
    probes: list[datetime] = []
    for step in steps:
        at += timedelta(seconds=step.after_seconds)
        state, granted = grant(state, policy, at, wanted=step.wanted)
        if isinstance(granted, Grant):
            assert granted == Grant(at, 1, probe=True)
            probes.append(at)
            if step.answers:
                state = answered(state, policy, Answered(kind=AnswerKind.FAILED), at)
    assert all(later - earlier >= timedelta(minutes=5) for earlier, later in pairwise(probes))
