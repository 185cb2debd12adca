"""What is silenced, for how long, and that nothing of it is forgotten."""

from dataclasses import replace

import pytest

from storage.errors import UnknownSilence
from storage.store import Store
from tests.storage.builders import day
from tracking.event import EventKind
from tracking.silence import Silence

HOLIDAYS = Silence(silence_id="", begins_at=day(1), ends_at=day(15), reason="holidays")
FULL = Silence(
    silence_id="",
    begins_at=day(2),
    ends_at=None,
    reason="too many",
    receiver="me",
    rule="metrics",
    person="Ada Lovelace",
    tag="rl",
    source="scholarfeed",
    metric="citations",
    kinds=(EventKind.METRIC_CHANGED, EventKind.METRIC_MILESTONE),
)


def test_what_holds_is_found_as_it_was_added(store: Store) -> None:
    first, second = store.add_silence(HOLIDAYS), store.add_silence(FULL)
    assert first == replace(HOLIDAYS, silence_id=first.silence_id)
    assert store.silences(day(0)) == []
    assert store.silences(day(1)) == [first]
    assert store.silences(day(2)) == [first, second]
    assert store.silences(day(15)) == [second]
    assert store.all_silences() == [first, second]


def test_an_end_comes_earlier_never_later_and_stays_on_record(store: Store) -> None:
    silence = store.add_silence(HOLIDAYS)
    ended = store.end_silence(silence.silence_id, day(3))
    assert ended == replace(silence, ends_at=day(3))
    assert store.end_silence(silence.silence_id, day(9)) == ended
    assert (store.silences(day(3)), store.all_silences()) == ([], [ended])


def test_an_unknown_silence_is_named_with_those_that_hold(store: Store) -> None:
    silence = store.add_silence(HOLIDAYS)
    with pytest.raises(UnknownSilence, match=rf"no silence 99; those that hold now are: {silence.silence_id}$"):
        store.end_silence("99", day(3))
    with pytest.raises(UnknownSilence, match=r"no silence soon; none holds now$"):
        store.end_silence("soon", day(30))
