"""What the program says of its own work is stored like what pages say."""

from storage.store import Store
from tests.storage.builders import accepted, apply, day, followed, paper, verdict, watch
from tracking.event import EventKind
from tracking.note import note


def test_there_is_no_profile_for_it_before_the_first_check(store: Store) -> None:
    store.follow([followed("Ada Lovelace", "1")], day(0))
    assert store.profile_of_notes() is None


def test_a_note_is_told_once_like_any_event(store: Store) -> None:
    store.follow([followed("Ada Lovelace", "1")], day(0))
    apply(store, accepted(watch(store), day(1), [paper("k1")]))
    profile = store.profile_of_notes()
    assert profile is not None
    run = store.begin_run("deliver", day(2))
    one = note(EventKind.RECEIVER_OFF, "log", "log is switched off", profile, day(2))
    other = note(EventKind.RECEIVER_OFF, "mail", "mail is switched off", profile, day(2))
    for _ in range(2):
        store.record_notes([one, other], [verdict(one), verdict(other)], run_id=run, recorded_at=day(2))
    kept = {(event.id, event.after) for event in store.events(kinds=[EventKind.RECEIVER_OFF])}
    assert kept == {(one.id, one.after), (other.id, other.after)}
    told = [entry.event_id for message in store.undelivered(day(2)) for entry in message.entries]
    assert sorted(told) == sorted([one.id, other.id])
