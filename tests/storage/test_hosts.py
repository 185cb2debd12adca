"""What is owed to hosts, stored: turns, answers, robots.txt and the ledger."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from time import sleep, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.store import Store
from tests.storage.builders import day
from tests.storage.processes import together
from tests.storage.test_late import OF_ONE_STORE
from tracking.host import (
    Answered,
    AnswerKind,
    Grant,
    HostLedger,
    HostPolicy,
    HostState,
    Refused,
    RestReason,
    RobotsRecord,
)
from tracking.manners import answered, given_back, grant

HOST = "www.example.org"
POLICY = HostPolicy(min_interval_seconds=5, jitter=0, daily_budget=3)
NO_GAP = HostPolicy(min_interval_seconds=0, daily_budget=250)
GOOD = Answered(kind=AnswerKind.GOOD, size=1000)
TODAY = day(0).date()


def at(seconds: float) -> datetime:
    return day(0) + timedelta(seconds=seconds)


def kept(store: Store, host: str = HOST, on: date = TODAY) -> HostLedger:
    (line,) = (line for line in store.ledger(on) if line.state.host == host)
    return line


def test_turns_keep_the_gap_and_the_budget(store: Store) -> None:
    turns = [store.take_turns(HOST, POLICY, at(0), wanted=100) for _ in range(4)]
    assert turns[:3] == [Grant(at(0)), Grant(at(5)), Grant(at(10))]
    assert turns[3] == Refused(
        RestReason.BUDGET, day(1).replace(hour=0), "the day's 3 requests to www.example.org are used up"
    )
    assert store.take_turns(HOST, POLICY, day(1)) == Grant(day(1))
    assert store.take_turns("other.example.org", POLICY, at(0)) == Grant(at(0))


def test_what_is_given_back_is_there_for_others(store: Store) -> None:
    assert store.take_turns(HOST, NO_GAP, at(0), wanted=100) == Grant(at(0), 100)
    store.give_back(HOST, Grant(at(0), 60))
    assert kept(store).state.granted == 40
    assert store.take_turns(HOST, NO_GAP, at(1), wanted=1000) == Grant(at(1), 210)


def test_a_cool_down_outlives_the_process(database: str) -> None:
    with Store.open(database) as store:
        store.take_turns(HOST, POLICY, at(0))
        wants_rest = Answered(kind=AnswerKind.THROTTLED, detail="429", retry_after_seconds=3600)
        store.note_answers(HOST, POLICY, [(wants_rest, at(1))])
    with Store.open(database) as store:
        refused = store.take_turns(HOST, POLICY, at(600))
        assert refused == Refused(RestReason.COOLING_DOWN, at(3601), "www.example.org is left alone: 429")
        assert store.take_turns(HOST, POLICY, at(3601)) == Grant(at(3601))


def test_a_probe_whose_process_died_keeps_others_out_for_minutes_only(store: Store) -> None:
    store.take_turns(HOST, NO_GAP, at(0), wanted=5)
    store.note_answers(HOST, NO_GAP, [(Answered(kind=AnswerKind.FAILED, detail="reset"), at(1))] * 5)
    assert isinstance(store.take_turns(HOST, NO_GAP, at(60)), Refused)
    probe = store.take_turns(HOST, NO_GAP, at(1000), wanted=100)
    assert probe == Grant(at(1000), 1, probe=True)
    assert isinstance(store.take_turns(HOST, NO_GAP, at(1001)), Refused)
    assert store.take_turns(HOST, NO_GAP, at(2000)) == Grant(at(2000), 1, probe=True)


def test_the_ledger_counts_by_day(store: Store) -> None:
    store.take_turns(HOST, NO_GAP, at(0), wanted=10)
    answers = [
        GOOD,
        Answered(kind=AnswerKind.GOOD, size=200, not_modified=True),
        Answered(kind=AnswerKind.FAILED, detail="reset"),
        Answered(kind=AnswerKind.THROTTLED, detail="429", size=30, retry_after_seconds=5),
        Answered(kind=AnswerKind.BLOCKED, detail="captcha"),
        Answered(kind=AnswerKind.FORBIDDEN, detail="403", size=4),
    ]
    store.note_answers(HOST, NO_GAP, [(answer, at(1)) for answer in answers])
    store.note_answers(HOST, NO_GAP, [(GOOD, at(2)), (GOOD, day(1))])
    store.note_disallowed(HOST, 2, at(3))
    store.note_disallowed(HOST, 1, at(4))
    store.note_disallowed("shut.example.org", 1, at(4))
    record = RobotsRecord(origin=f"https://{HOST}", fetched_at=at(0), status=200, text="User-agent: *\nDisallow: /x")
    store.keep_robots(replace(record, status=None, text=""))
    store.keep_robots(record)
    today = kept(store)
    assert replace(today, state=HostState(host=HOST)) == HostLedger(
        state=HostState(host=HOST),
        day=TODAY,
        requests=7,
        bytes=2234,
        not_modified=1,
        failed=1,
        throttled=1,
        blocked=2,
        disallowed=3,
        robots=record,
        daily_budget=250,
    )
    assert (kept(store, on=day(1).date()).requests, kept(store, on=day(2).date()).requests) == (1, 0)


def test_a_robots_txt_is_had_as_it_was_kept(store: Store) -> None:
    assert store.robots("https://www.example.org") is None
    for status, text in ((None, ""), (200, "Disallow: /ümlaut\r\n"), (404, "")):
        record = RobotsRecord(origin="https://www.example.org", fetched_at=day(1), status=status, text=text)
        store.keep_robots(record)
        assert store.robots("https://www.example.org") == record
    assert store.robots("http://www.example.org") is None
    store.keep_robots(replace(record, text="Disallow: /\0x"))
    assert store.robots("https://www.example.org") == replace(record, text="Disallow: /x")


ANSWERS = st.builds(
    Answered,
    kind=st.sampled_from(AnswerKind),
    detail=st.sampled_from(["", "503"]),
    retry_after_seconds=st.sampled_from([None, None, 30.0, 7200.0]),
    size=st.integers(0, 10**9),
    not_modified=st.booleans(),
)
STEPS = st.tuples(
    st.sampled_from(["take", "answer", "give back"]),
    st.integers(0, 7200),
    st.integers(1, 100),
    st.floats(0, 1),
    ANSWERS,
)


@given(steps=st.lists(STEPS, max_size=12), gap=st.sampled_from([0.0, 5.0]), stops=st.booleans())
@OF_ONE_STORE
def test_a_host_in_the_store_is_the_host_that_manners_know(
    store: Store, steps: list[tuple[str, int, int, float, Answered]], gap: float, stops: bool
) -> None:
    """Storing and loading between any two steps changes nothing."""
    policy = HostPolicy(min_interval_seconds=gap, daily_budget=120, stops_when_blocked=stops)
    host = f"{len(store.ledger(TODAY))}.example.org"
    state, now = HostState(host=host), at(0)
    for step, seconds, wanted, chance, answer in [("take", 0, 1, 0.5, GOOD), *steps]:
        now += timedelta(seconds=seconds)
        match step:
            case "take":
                state, expected = grant(state, policy, now, wanted=wanted, chance=chance)
                assert store.take_turns(host, policy, now, wanted=wanted, chance=chance) == expected
            case "answer":
                state = answered(state, policy, answer, now)
                store.note_answers(host, policy, [(answer, now)])
            case _:
                state = given_back(state, Grant(now, wanted))
                store.give_back(host, Grant(now, wanted))
        assert kept(store, host).state == state


def wait_for_others(store: Store, processes: int) -> None:
    """Return when so many processes have come here."""
    here = Answered(kind=AnswerKind.GOOD)
    store.note_answers("here", NO_GAP, [(here, at(0))])
    while kept(store, "here").requests < processes:
        sleep(0.002)


def hammer(database: str, began: float, processes: int, policy: HostPolicy) -> list[tuple[datetime, int]]:
    """Ask a host for turns as fast as it gives them, until it gives no more: what was granted."""
    granted = []
    with Store.open(database) as store:
        wait_for_others(store, processes)
        while True:
            match store.take_turns(HOST, policy, at(time() - began), wanted=7, chance=0.5):
                case Grant(start_at=start_at, turns=turns):
                    granted.append((start_at, turns))
                    sleep(max(0.0, (start_at - at(time() - began)).total_seconds()))
                case Refused():
                    return granted


@pytest.mark.parametrize(("gap", "budget"), [(0.02, 40), (0.0, 1000)], ids=["with a gap", "without"])
def test_processes_that_hammer_one_host_together_keep_its_gap_and_budget(
    database: str, gap: float, budget: int
) -> None:
    policy = HostPolicy(min_interval_seconds=gap, jitter=0.2, daily_budget=budget)
    results = together(hammer, [(database, time(), 3, policy)] * 3)
    granted = sorted(turn for result in results for turn in result)
    assert sum(turns for _, turns in granted) == budget
    # Which of them waits longest for the database is chance.
    assert sum(map(bool, results)) > 1
    if gap:
        starts = [start_at for start_at, _ in granted]
        assert min(later - earlier for earlier, later in pairwise(starts)) >= timedelta(seconds=gap)
