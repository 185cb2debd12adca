"""What waits goes out: tried again where it failed, given up in the end, and told to the others."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from threading import Barrier

import pytest

from alerts.message import Message
from alerts.schedule import Quiet, Schedule
from flows.config.whole import Settings
from flows.deliver import deliver
from flows.manifest import DeliverManifest
from storage.store import Store
from tests.flows.boxes import NOW, Box, settings_for, store_news
from tracking.event import EventKind

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.db"
    Store.open(str(path)).close()
    return path


@pytest.fixture
def store(template: Path, tmp_path: Path) -> Iterator[Store]:
    with Store.open(str(shutil.copy(template, tmp_path / "scholarwatch.db"))) as opened:
        yield opened


@pytest.fixture
def me() -> Box:
    return Box()


@pytest.fixture
def owner() -> Box:
    return Box()


@pytest.fixture
def settings(tmp_path: Path, me: Box, owner: Box) -> Settings:
    return settings_for(tmp_path, {"me": me, "owner": owner})


def at(store: Store, settings: Settings, now: datetime = NOW, *, chance: float = 0.5) -> DeliverManifest:
    return deliver(store, settings, now, chance=lambda: chance)


def until_given_up(store: Store, settings: Settings, now: datetime = NOW) -> list[datetime]:
    """Deliver whenever the next try of the message that fails is due; when that was."""
    times = []
    next_try: datetime | None = now
    while next_try is not None:
        times.append(next_try)
        failure, *_ = at(store, settings, next_try).failures
        next_try = failure.next_try_at
    return times


def five_messages(store: Store) -> None:
    for number in range(5):
        store_news(store, "me", f"Paper {number}", at=NOW + timedelta(minutes=number))
        store.undelivered(NOW + timedelta(minutes=number))


def test_what_waits_goes_out_once(store: Store, settings: Settings, me: Box) -> None:
    store_news(store, "me", "On Bees")
    manifest = at(store, settings)
    assert (manifest.messages, manifest.delivered, manifest.items, manifest.is_degraded) == (1, 1, 1, False)
    assert at(store, settings, NOW + HOUR).messages == 0
    assert me.titles == ["On Bees"]


def test_a_message_that_fails_for_hours_goes_out_once_under_one_id(store: Store, settings: Settings, me: Box) -> None:
    store_news(store, "me", "On Bees")
    me.fails("no connection")
    for hours in range(6):
        assert at(store, settings, NOW + hours * HOUR).delivered == 0
    me.takes()
    assert sum(at(store, settings, NOW + hours * HOUR).delivered for hours in range(6, 24, 3)) == 1
    assert me.titles == ["On Bees"]
    assert len(set(me.tried)) == 1


def test_seven_tries_then_it_is_given_up_and_the_others_hear_of_it_once(
    store: Store, settings: Settings, me: Box, owner: Box
) -> None:
    store_news(store, "me", "On Bees")
    me.fails("no connection")
    tries = until_given_up(store, settings)
    assert len(tries) == 7
    assert timedelta(hours=40) < tries[-1] - NOW < timedelta(hours=56)
    assert at(store, settings, NOW + 100 * HOUR).messages == 0
    assert store.status().dead == 1
    assert owner.kinds == ["delivery.failed"]
    [item] = owner.taken[0].items
    assert item["after"] == (
        f"message {me.tried[0]} to “me” with 1 item was given up after 7 tries (no connection); "
        f"“scholarwatch outbox retry {me.tried[0]}” tries again"
    )


def test_the_receiver_that_failed_is_not_told_of_it(store: Store, settings: Settings, me: Box) -> None:
    store_news(store, "me", "On Bees")
    me.fails("no connection")
    until_given_up(store, settings)
    me.takes()
    at(store, settings, NOW + 100 * HOUR)
    assert me.taken == []


def test_two_receivers_that_are_gone_do_not_write_to_each_other_for_ever(
    store: Store, settings: Settings, me: Box, owner: Box
) -> None:
    store_news(store, "me", "On Bees")
    me.fails("no connection")
    owner.fails("no connection")
    given_up = until_given_up(store, settings)[-1]
    until_given_up(store, settings, given_up + HOUR)
    assert at(store, settings, given_up + 1000 * HOUR).messages == 0
    assert len(list(store.events(kinds=[EventKind.DELIVERY_FAILED]))) == 1
    assert store.status().dead == 2


def test_chance_spreads_the_next_try(store: Store, settings: Settings, me: Box) -> None:
    store_news(store, "me", "On Bees")
    me.fails("no connection")
    [failure] = at(store, settings, chance=1.0).failures
    assert failure.next_try_at == NOW + timedelta(seconds=72)


def test_a_receiver_that_asks_for_a_rest_has_it_also_from_other_messages(
    store: Store, settings: Settings, me: Box
) -> None:
    store_news(store, "me", "On Bees")
    me.fails("the hook answered 429", retry_after_seconds=3 * 3600)
    [failure] = at(store, settings).failures
    assert failure.next_try_at == NOW + 3 * HOUR
    me.takes()
    store_news(store, "me", "On Wasps", at=NOW + HOUR)
    manifest = at(store, settings, NOW + 2 * HOUR)
    assert manifest.messages == 0
    assert [(each.receiver, each.until) for each in manifest.closed] == [("me", NOW + 3 * HOUR)]
    assert at(store, settings, NOW + 3 * HOUR).closed == ()
    assert me.titles == ["On Bees", "On Wasps"]


def test_after_three_failures_in_a_row_the_others_wait_untried(store: Store, settings: Settings, me: Box) -> None:
    five_messages(store)
    me.fails("no connection")
    manifest = at(store, settings, NOW + HOUR)
    assert (manifest.messages, len(manifest.failures), manifest.waiting, manifest.delivered) == (5, 3, 2, 0)
    assert len(me.tried) == 3
    me.takes()
    assert at(store, settings, NOW + HOUR).delivered == 5
    assert sorted(me.titles) == [f"Paper {number}" for number in range(5)]


def test_what_failed_before_comes_with_the_first_that_is_taken(store: Store, settings: Settings, me: Box) -> None:
    store_news(store, "me", "On Bees")
    me.fails("no connection")
    for hours in range(6):
        at(store, settings, NOW + hours * HOUR)
    me.takes()
    store_news(store, "me", "On Wasps", at=NOW + 6 * HOUR)
    manifest = at(store, settings, NOW + 6 * HOUR)
    assert (manifest.messages, manifest.delivered) == (2, 2)
    assert me.titles == ["On Wasps", "On Bees"]


def test_what_is_tried_early_in_vain_has_lost_nothing(store: Store, settings: Settings, me: Box) -> None:
    store_news(store, "me", "On Bees")
    me.fails("the hook answered 500", only="On Bees")
    tries = until_next_day(store, settings)
    store_news(store, "me", "On Wasps", at=NOW + 24 * HOUR)
    manifest = at(store, settings, NOW + 24 * HOUR)
    assert (manifest.messages, manifest.delivered, manifest.failures) == (1, 1, ())
    assert len(me.tried) == tries + 2
    assert len(until_given_up(store, settings, NOW + 48 * HOUR)) == 7 - tries


def until_next_day(store: Store, settings: Settings) -> int:
    """Deliver whenever the next try is due that fails, for a day; how often that was."""
    times, next_try = 0, NOW
    while next_try < NOW + 24 * HOUR:
        times += 1
        [failure] = at(store, settings, next_try).failures
        assert failure.next_try_at is not None
        next_try = failure.next_try_at
    return times


def test_one_message_that_is_refused_does_not_keep_the_others(store: Store, settings: Settings, me: Box) -> None:
    five_messages(store)
    me.fails("the mail server answered 552", permanent=True, only="Paper 1")
    until_given_up(store, settings, NOW + HOUR)
    assert me.titles == ["Paper 0", "Paper 2", "Paper 3", "Paper 4"]
    assert not store.receiver_states()["me"].is_off


def test_three_messages_in_a_row_refused_for_good_switch_a_receiver_off(
    store: Store, settings: Settings, me: Box, owner: Box
) -> None:
    five_messages(store)
    me.refuses("the hook answered 404")
    manifest = at(store, settings, NOW + HOUR)
    assert [failure.switched_off for failure in manifest.failures] == [False, False, True]
    # The others hear of it in the same run, and once.
    assert owner.kinds == ["receiver.off"]
    assert (
        owner.taken[0]
        .items[0]["after"]
        .startswith("“me” takes no messages (the hook answered 404) and is not tried any more; what is for it waits")
    )
    tried = len(me.tried)
    for days in (1, 2, 30):
        [closed] = at(store, settings, NOW + timedelta(days=days)).closed
        assert closed.receiver == "me"
        assert "the hook answered 404" in closed.why
    assert len(me.tried) == tried
    assert owner.kinds == ["receiver.off"]
    assert store.status().dead == 0


def test_one_message_that_is_refused_again_and_again_is_one(store: Store, settings: Settings, me: Box) -> None:
    store_news(store, "me", "On Bees")
    me.refuses()
    assert len(until_given_up(store, settings)) == 7
    state = store.receiver_states()["me"]
    assert (state.refusals, state.is_off) == (1, False)


def test_what_is_gone_is_off_at_once_even_at_the_last_try_of_a_message(
    store: Store, settings: Settings, me: Box, owner: Box
) -> None:
    store_news(store, "me", "On Bees")
    me.fails("no connection")
    now = NOW
    for _ in range(6):
        [failure] = at(store, settings, now).failures
        assert failure.next_try_at is not None
        now = failure.next_try_at
    me.fails("the hook answered 410", gone=True)
    [failure] = at(store, settings, now).failures
    assert (failure.switched_off, failure.next_try_at) == (True, None)
    assert owner.kinds == ["receiver.off"]
    # It waits, and is not lost.
    assert store.status().dead == 0
    me.takes()
    store.switch_on("me")
    at(store, settings, now + HOUR)
    assert me.titles == ["On Bees"]


def test_another_configuration_switches_a_receiver_on_again(store: Store, settings: Settings, me: Box) -> None:
    store_news(store, "me", "On Bees")
    me.fails("the hook answered 410", gone=True)
    at(store, settings)
    me.takes()
    assert at(store, settings, NOW + HOUR).delivered == 0
    changed = tuple(replace(receiver, written="another address") for receiver in settings.receivers)
    assert at(store, replace(settings, receivers=changed), NOW + 2 * HOUR).delivered == 1
    assert me.titles == ["On Bees"]
    assert store.receiver_states() == {}


def test_a_receiver_that_hangs_does_not_hold_up_another(store: Store, settings: Settings, me: Box, owner: Box) -> None:
    store_news(store, "me", "On Bees")
    store_news(store, "owner", "On Wasps", at=NOW + HOUR)
    released = me.hangs()
    me.limit_seconds = 0.05
    manifest = at(store, settings, NOW + 2 * HOUR)
    assert [failure.error for failure in manifest.failures] == ["no answer within 0.05 s"]
    assert owner.titles == ["On Wasps"]
    released.set()


def test_receivers_are_sent_to_at_the_same_time(tmp_path: Path, store: Store) -> None:
    """Each waits until all others are being sent to."""
    barrier = Barrier(4)
    boxes = {f"box {number}": Meeting(barrier) for number in range(4)}
    settings = settings_for(tmp_path, boxes)
    for number, name in enumerate(boxes):
        store_news(store, name, f"Paper {number}", at=NOW + number * HOUR)
    assert at(store, settings, NOW + 9 * HOUR).delivered == 4


class Meeting(Box):
    """Takes nothing before all have come."""

    def __init__(self, barrier: Barrier) -> None:
        super().__init__()
        self.barrier = barrier

    def send(self, message: Message) -> None:
        self.barrier.wait(60)
        super().send(message)


class Mistaken(Box):
    def send(self, message: Message) -> None:
        raise KeyError(message.id)


def test_a_mistake_with_one_receiver_is_raised_when_the_others_are_through(
    tmp_path: Path, store: Store, owner: Box
) -> None:
    settings = settings_for(tmp_path, {"me": Mistaken(), "owner": owner})
    store_news(store, "me", "On Bees")
    store_news(store, "owner", "On Wasps", at=NOW + HOUR)
    with pytest.raises(KeyError):
        at(store, settings, NOW + 2 * HOUR)
    assert owner.titles == ["On Wasps"]


def test_in_quiet_hours_nothing_goes_out_and_afterwards_all_of_it_at_once(
    tmp_path: Path, store: Store, me: Box
) -> None:
    night = Schedule(quiet=Quiet(begins=time(22), ends=time(7)))
    settings = settings_for(tmp_path, {"me": me}, me=night)
    evening = NOW.replace(hour=22)
    store_news(store, "me", "On Bees", at=evening)
    assert at(store, settings, evening).messages == 0
    store_news(store, "me", "On Wasps", at=evening + 3 * HOUR)
    [closed] = at(store, settings, evening + 8 * HOUR).closed
    assert (closed.until, closed.why) == (evening + 9 * HOUR, "its quiet hours")
    assert at(store, settings, evening + 9 * HOUR).delivered == 1
    assert sorted(me.titles) == ["On Bees", "On Wasps"]


def test_what_is_beyond_the_cap_comes_with_the_digest_in_the_morning(tmp_path: Path, store: Store, me: Box) -> None:
    settings = settings_for(tmp_path, {"me": me}, me=Schedule(cap=2))
    for number in range(4):
        store_news(store, "me", f"Paper {number}", at=NOW + number * HOUR)
        at(store, settings, NOW + number * HOUR)
    assert me.titles == ["Paper 0", "Paper 1"]
    tomorrow = NOW.replace(hour=8) + timedelta(days=1)
    at(store, settings, tomorrow - HOUR)
    assert len(me.taken) == 2
    at(store, settings, tomorrow)
    assert [message.digest for message in me.taken] == [False, False, True]
    assert sorted(me.titles[2:]) == ["Paper 2", "Paper 3"]


def test_no_digest_where_there_is_nothing_to_tell(store: Store, settings: Settings, me: Box) -> None:
    for days in range(3):
        assert at(store, settings, NOW + timedelta(days=days)).messages == 0
    assert me.tried == []


def test_a_digest_that_failed_and_the_next_one_say_each_thing_once(store: Store, settings: Settings, me: Box) -> None:
    eight = NOW.replace(hour=8)
    store_news(store, "me", "On Bees", digest_at=eight, at=eight - HOUR)
    me.fails("no connection")
    for hours in range(0, 20, 5):
        at(store, settings, eight + hours * HOUR)
    me.takes()
    day = timedelta(days=1)
    store_news(store, "me", "On Wasps", digest_at=eight + day, at=eight + day - HOUR)
    for hours in range(24, 48, 6):
        at(store, settings, eight + hours * HOUR)
    assert sorted(me.titles) == ["On Bees", "On Wasps"]
    assert [message.digest for message in me.taken] == [True, True]


def test_messages_to_a_receiver_that_is_configured_no_more_are_given_up_in_the_end(
    store: Store, settings: Settings, owner: Box
) -> None:
    store_news(store, "former", "On Bees")
    [failure] = at(store, settings).failures
    assert failure.error == "the configuration names no receiver 'former' any more"
    until_given_up(store, settings, NOW + HOUR)
    assert owner.kinds == ["delivery.failed"]


def test_progress_counts_every_message_also_those_that_wait(store: Store, settings: Settings, me: Box) -> None:
    five_messages(store)
    me.fails("no connection")
    told: list[tuple[int, int]] = []
    deliver(store, settings, NOW + HOUR, progress=lambda total, done: told.append((total, done)))
    assert told == [(5, 0), (5, 1), (5, 2), (5, 3), (5, 5)]
