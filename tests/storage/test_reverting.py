"""A run is taken back: what becomes of messages, of questions, and of what the server is asked with next."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from storage import tables
from storage.errors import StoreError, UnknownRun
from storage.store import Store
from tests.storage.builders import followed, verdict, watch
from tests.storage.lived import rows_of
from tests.storage.news import topics, verdicts
from tests.storage.past import check_daily, database_of, emptied, follow_one, insert_late, view
from tests.storage.test_late import OF_ONE_STORE
from tests.tracking.builders import DAY, NOON, PARSER, paper, reading, twenty
from tests.tracking.histories import histories, read
from tracking.alert import PendingMessage, Told, Verdict
from tracking.check import CheckIntent, Failure, Finding, Outcome, Page, Parsed, Validators
from tracking.decide import decide
from tracking.event import Event, EventKind
from tracking.reading import PaperReading, ProfileReading
from tracking.reread import ReadAgain
from tracking.view import Reverted

OLD = twenty()[:6]
NEW = paper("Brand new findings on patience", "2026-11-22", arxiv_id="2611.00001")
#: Of these nobody is told.
QUIET = (EventKind.PROFILE_BASELINE,)


def day(number: float) -> datetime:
    return NOON + number * DAY


def shows(*papers: PaperReading, citations: int = 100) -> ProfileReading:
    return reading([*OLD, *papers], metrics={"citations": citations})


@dataclass
class Person:
    """Somebody's profile, looked at by runs of its own; receivers are to hear of everything but the first look."""

    store: Store
    key: str = "1"
    receivers: Sequence[str] = ("me",)

    def looks(self, at: datetime, shown: ProfileReading, *, accept: bool = True) -> str:
        """One run that finds this page; its id."""
        body = f"{self.key} {shown} ".encode() * 10
        etag = hashlib.sha256(body).hexdigest()[:16]
        page = Page(url=self.url, status=200, headers={"etag": f'"{etag}"'}, body=body)
        return self.finds(at, Parsed(page=page, reading=shown, parser=PARSER), accept=accept)

    def finds(self, at: datetime, finding: Finding, *, accept: bool = True) -> str:
        run_id = self.store.begin_run("track", at)
        intent = self.decide(at, finding, accept=accept)
        told = [
            replace(verdict(event, receiver), item={"kind": event.kind, "person": self.key, "after": event.after})
            for event in intent.events
            if event.kind not in QUIET
            for receiver in self.receivers
        ]
        assert self.store.apply([(intent, told)], run_id=run_id, recorded_at=at) == [True]
        self.store.end_run(run_id, {"state": "ok"})
        return run_id

    def decide(self, at: datetime, finding: Finding, *, accept: bool = True) -> CheckIntent:
        known = self.store.known([watch(self.store, self.key).profile_id])
        of = watch(self.store, self.key)
        return decide(replace(of, accept_next=accept), finding, known.get(of.profile_id), at)

    @property
    def url(self) -> str:
        return watch(self.store, self.key).url


@dataclass
class Heard:
    """What there was to correct."""

    told: list[Told] = field(default_factory=list)

    def __call__(self, told: Sequence[Told]) -> tuple[Sequence[Event], Sequence[Verdict]]:
        self.told += told
        return [], []

    @property
    def kinds(self) -> list[tuple[str, str]]:
        return [(one.receiver, one.item["kind"]) for one in self.told]


@pytest.fixture
def ada(store: Store) -> Person:
    store.follow([followed("Ada", "1"), followed("Bo", "2")], day(0))
    return Person(store)


@pytest.fixture
def heard() -> Heard:
    return Heard()


def take_back(store: Store, run_id: str, heard: Heard, *, at: float = 9, force: bool = False) -> Reverted:
    return store.revert(run_id, now=day(at), correct=heard, force=force)


def deliver(store: Store, at: float) -> list[PendingMessage]:
    messages = store.undelivered(day(at))
    for message in messages:
        store.delivered(message.id, day(at))
    return messages


def kinds(messages: Sequence[PendingMessage]) -> list[list[str]]:
    return [[entry.item["kind"] for entry in message.entries] for message in messages]


# ---- what waits


@pytest.mark.parametrize("composed", [False, True], ids=["in the outbox", "in a message"])
def test_what_waits_is_dropped(store: Store, ada: Person, heard: Heard, composed: bool) -> None:
    ada.looks(day(0), shows())
    run_id = ada.looks(day(1), shows(NEW, citations=120))
    if composed:
        assert len(store.undelivered(day(1))) == 1
    done = take_back(store, run_id, heard)
    assert (done.waiting, done.messages, heard.told) == (2, int(composed), [])
    assert done.events == {"metric.changed": 1, "paper.new": 1}
    assert store.undelivered(day(9)) == []
    assert store.status().undelivered == 0


def test_a_message_that_has_more_to_say_keeps_its_id(store: Store, ada: Person, heard: Heard) -> None:
    ada.looks(day(0), shows())
    Person(store, "2").looks(day(0), shows())
    ada.looks(day(1), shows(citations=120))
    run_id = Person(store, "2").looks(day(1), shows(NEW))
    (whole,) = store.undelivered(day(1))
    done = take_back(store, run_id, heard)
    assert (done.waiting, done.messages) == (1, 0)
    (rest,) = store.undelivered(day(9))
    assert rest.id == whole.id
    assert kinds([rest]) == [["metric.changed"]]


def test_what_waits_and_is_seen_later_goes_over(store: Store, ada: Person, heard: Heard, database: str) -> None:
    ada.looks(day(0), shows())
    run_id = ada.looks(day(1), shows(NEW, citations=120))
    later = shows(NEW, citations=120), shows(NEW, citations=125)
    for number, shown in enumerate(later, 2):
        ada.looks(day(number), shown)
    assert take_back(store, run_id, heard).waiting == 0
    (message,) = store.undelivered(day(9))
    events = {event.id: event for event in store.events()}
    entries = {entry.item["kind"]: entry for entry in message.entries if events[entry.event_id].after != 125}
    assert {kind: events[entry.event_id].observed_at for kind, entry in entries.items()} == {
        "paper.new": day(2),
        "metric.changed": day(2),
    }
    assert {entry.item["observed_at"] for entry in entries.values()} == {day(2).isoformat()}
    assert {verdicts(database)[entry.event_id, "me"] for entry in entries.values()} == {"sent"}


def test_what_waits_is_worded_by_what_it_is_compared_with_now(store: Store, ada: Person, heard: Heard) -> None:
    ada.looks(day(0), shows())
    run_id = ada.looks(day(1), shows(citations=105))
    ada.looks(day(2), shows(citations=110))
    take_back(store, run_id, heard)
    (message,) = store.undelivered(day(9))
    (entry,) = message.entries
    assert (entry.item["before"], entry.item["after"], entry.item["since"]) == (100, 110, day(0).isoformat())


def test_what_another_profile_says_too_goes_over_to_it(store: Store, ada: Person, heard: Heard) -> None:
    bo = Person(store, "2")
    for person in (ada, bo):
        person.looks(day(0), shows())
    run_id = ada.looks(day(1), shows(NEW))
    store.undelivered(day(1))
    bo.looks(day(2), shows(NEW))
    ada.looks(day(3), shows())
    assert take_back(store, run_id, heard).waiting == 0
    (message,) = store.undelivered(day(9))
    (entry,) = message.entries
    assert (entry.item["person"], entry.item["profile_url"]) == ("Bo", bo.url)


# ---- what was told


def test_who_was_told_is_to_hear_of_it(store: Store, ada: Person, heard: Heard) -> None:
    ada.receivers = ("me", "log")
    ada.looks(day(0), shows())
    run_id = ada.looks(day(1), shows(NEW, citations=120))
    deliver(store, 1)
    take_back(store, run_id, heard)
    told = [("log", "metric.changed"), ("log", "paper.new"), ("me", "metric.changed"), ("me", "paper.new")]
    assert sorted(heard.kinds) == told
    assert {one.delivered_at for one in heard.told} == {day(1)}
    assert [one.item["paper_key"] for one in heard.told if one.item["kind"] == "paper.new"] == ["arxiv:2611.00001"] * 2


def test_what_was_corrected_may_be_told_again(store: Store, ada: Person, heard: Heard) -> None:
    ada.looks(day(0), shows())
    run_id = ada.looks(day(1), shows(NEW))
    (first,) = deliver(store, 1)
    take_back(store, run_id, heard)
    again = ada.looks(day(1), shows(NEW))
    (second,) = deliver(store, 1)
    assert topics([first]) == topics([second])
    assert first.id != second.id
    take_back(store, again, heard)
    assert heard.kinds == [("me", "paper.new")] * 2


@pytest.mark.parametrize(
    ("then", "corrected"),
    [
        (shows(NEW, citations=120), []),
        (shows(NEW, citations=130), ["metric.changed"]),
        (shows(citations=120), ["paper.new"]),
        (shows(), ["metric.changed", "paper.new"]),
    ],
    ids=["all of it", "the paper", "the metric", "nothing"],
)
def test_what_a_later_run_says_too_is_not_corrected(
    store: Store, ada: Person, heard: Heard, then: ProfileReading, corrected: list[str]
) -> None:
    ada.looks(day(0), shows())
    run_id = ada.looks(day(1), shows(NEW, citations=120))
    deliver(store, 1)
    ada.looks(day(2), then)
    take_back(store, run_id, heard)
    assert sorted(one.item["kind"] for one in heard.told if one.delivered_at == day(1)) == corrected
    assert EventKind.PAPER_NEW in [event.kind for event in store.events()] or "paper.new" in corrected


def test_a_value_that_is_right_was_only_compared_with_a_wrong_one(store: Store, ada: Person, heard: Heard) -> None:
    ada.looks(day(0), shows())
    run_id = ada.looks(day(1), shows(citations=105))
    ada.looks(day(2), shows(citations=110))
    deliver(store, 2)
    take_back(store, run_id, heard)
    assert [(one.item["kind"], one.item["after"]) for one in heard.told] == [("metric.changed", 105)]
    (changed,) = (event for event in store.events() if event.kind is EventKind.METRIC_CHANGED)
    assert (changed.before, changed.after) == (100, 110)


def test_a_paper_of_which_another_profile_tells_is_not_corrected(store: Store, ada: Person, heard: Heard) -> None:
    bo = Person(store, "2")
    for person in (ada, bo):
        person.looks(day(0), shows())
    run_id = ada.looks(day(1), shows(NEW))
    deliver(store, 1)
    bo.looks(day(2), shows(NEW))
    ada.looks(day(3), shows())
    take_back(store, run_id, heard)
    assert ("me", "paper.new") not in heard.kinds


@pytest.mark.parametrize("first", ["track", "backfill"])
def test_what_an_older_page_had_moved_is_corrected_with_the_last_that_said_it(
    store: Store, ada: Person, heard: Heard, first: str
) -> None:
    ada.looks(day(0), shows())
    told_by = ada.looks(day(2), shows(NEW))
    deliver(store, 2)
    insert_late(store, watch(store).profile_id, [(day(1), read(shows(NEW, citations=101), "archived"))])
    filled_by = store.runs(1)[0].run_id
    order = [told_by, filled_by] if first == "track" else [filled_by, told_by]
    take_back(store, order[0], heard, force=True)
    assert heard.told == []
    take_back(store, order[1], heard, force=True)
    assert heard.kinds == [("me", "paper.new")]


# ---- the profile between two checks


def test_a_question_goes_with_the_run_that_asked(store: Store, ada: Person, heard: Heard) -> None:
    ada.looks(day(0), shows())
    run_id = ada.looks(day(1), reading(twenty()[8:]), accept=False)
    assert watch(store).last_outcome is Outcome.QUARANTINED
    deliver(store, 1)
    assert store.accept_next("Ada") == 1
    done = take_back(store, run_id, heard)
    assert done.events == {"profile.suspect": 1}
    assert heard.kinds == [("me", "profile.suspect")]
    of = watch(store)
    assert (of.last_outcome, of.checked_at, of.accept_next) == (Outcome.OK, day(0), False)
    assert unread_pages(store) == 0


def unread_pages(store: Store) -> int:
    with database_of(store).reading() as connection:
        return len(connection.execute(select(tables.unread_page)).all())


def test_a_question_that_was_answered_is_open_again(store: Store, ada: Person, heard: Heard) -> None:
    ada.looks(day(0), shows())
    ada.looks(day(1), reading(twenty()[8:]), accept=False)
    store.accept_next("Ada")
    run_id = ada.looks(day(2), reading(twenty()[8:]))
    take_back(store, run_id, heard)
    assert watch(store).last_outcome is Outcome.QUARANTINED
    assert store.accept_next("Ada") == 1


def test_the_server_is_asked_with_the_page_that_counts(store: Store, ada: Person, heard: Heard) -> None:
    ada.looks(day(0), shows())
    before = watch(store)
    run_id = ada.looks(day(1), shows(NEW))
    assert watch(store).validators != before.validators
    take_back(store, run_id, heard)
    of = watch(store)
    assert isinstance(of.validators, Validators)
    assert replace(of, revision=before.revision) == before
    assert of.revision > before.revision + 1


def test_a_server_that_wants_to_be_left_alone_still_is(store: Store, ada: Person, heard: Heard) -> None:
    ada.looks(day(0), shows())
    run_id = ada.finds(day(1), Failure(outcome=Outcome.THROTTLED, detail="later", retry_after_seconds=3600))
    assert take_back(store, run_id, heard).profiles == 1
    hour = timedelta(hours=1)
    assert [of.key for of in store.due(day(1) + hour / 2, cadence=None)] == ["2"]
    assert [of.key for of in store.due(day(1) + hour, cadence=None)] == ["1", "2"]


def test_what_was_decided_before_comes_too_late(store: Store, ada: Person, heard: Heard) -> None:
    ada.looks(day(0), shows())
    run_id = ada.finds(day(1), Failure(outcome=Outcome.UNREACHABLE, detail="nobody answers"))
    intent = ada.decide(day(2), Failure(outcome=Outcome.UNREACHABLE, detail="nobody answers"))
    take_back(store, run_id, heard)
    late = store.begin_run("track", day(2))
    assert store.apply([(intent, [])], run_id=late, recorded_at=day(2)) == [False]


# ---- which runs


def test_a_dry_run_writes_nothing(store: Store, ada: Person, heard: Heard, database: str) -> None:
    ada.looks(day(0), shows())
    run_id = ada.looks(day(1), shows(NEW, citations=120))
    deliver(store, 1)
    before = rows_of(database)
    planned = store.revert(run_id, now=day(9), correct=heard, dry_run=True)
    assert rows_of(database) == before
    assert planned.by_run is None
    done = take_back(store, run_id, heard)
    assert replace(done, by_run=None) == planned
    assert rows_of(database) != before


def test_what_stays_on_record(store: Store, ada: Person, heard: Heard) -> None:
    ada.looks(day(0), shows())
    run_id = ada.looks(day(1), shows(NEW))
    done = take_back(store, run_id, heard)
    assert done.by_run is not None
    store.end_run(done.by_run, {"state": "ok"})
    newest, reverted, _ = store.runs()
    assert (newest.run_id, newest.kind, newest.state) == (done.by_run, "revert", "ok")
    assert (reverted.run_id, reverted.state, reverted.reverted_at) == (run_id, "reverted", day(9))
    known = [event.kind for event in store.events(known_at=day(8))]
    assert known == [EventKind.PROFILE_BASELINE, EventKind.PAPER_NEW]


def test_a_run_is_found_by_its_id_or_as_the_latest_that_stands(store: Store, ada: Person, heard: Heard) -> None:
    with pytest.raises(UnknownRun, match="no run that could be taken back"):
        store.find_run("latest")
    first, second = ada.looks(day(0), shows()), ada.looks(day(1), shows(NEW))
    store.begin_run("deliver", day(1))
    assert (store.find_run("latest").run_id, store.find_run(first).now) == (second, day(0))
    take_back(store, second, heard)
    assert store.find_run("latest").run_id == first
    for asked in ("0", "-1", "٣", "1e3", "9" * 40, "first", ""):
        with pytest.raises(UnknownRun, match=r"there is no run .*; the latest are 4 \(revert, .* 1 \(track,"):
            store.find_run(asked)


def test_what_cannot_be_taken_back(store: Store, ada: Person, heard: Heard) -> None:
    run_id = ada.looks(day(0), shows())
    delivery, going = store.begin_run("deliver", day(0)), store.begin_run("track", day(0))
    with pytest.raises(StoreError, match=f"run {delivery} is a run of deliver"):
        take_back(store, delivery, heard)
    with pytest.raises(StoreError, match=f"run {going} of .* has not ended: .* add --force"):
        take_back(store, going, heard)
    assert take_back(store, going, heard, force=True).profiles == 0
    by_run = take_back(store, run_id, heard).by_run
    with pytest.raises(StoreError, match=f"run {run_id} was taken back on"):
        take_back(store, run_id, heard)
    assert by_run is not None
    with pytest.raises(StoreError, match=f"run {by_run} took another run back"):
        take_back(store, by_run, heard)


# ---- laws


def whole_view(store: Store, times: Sequence[datetime]) -> object:
    """What anybody can ask, with the causes and the times at which it was recorded."""
    return view(store, times), [(event.id, event.cause, event.recorded_at) for event in store.events()]


@given(data=st.data())
@OF_ONE_STORE
def test_a_backfill_taken_back_never_was(store: Store, data: st.DataObject) -> None:
    history = data.draw(histories(max_size=7))
    times = [at for at, _ in history]
    late = data.draw(st.sets(st.sampled_from(range(len(history))), min_size=1))
    profile_id = follow_one(emptied(store))
    check_daily(store, [sighting for position, sighting in enumerate(history) if position not in late])
    before = whole_view(store, times)
    parts = data.draw(st.permutations(sorted(late)))
    runs = []
    for part in (parts[::2], parts[1::2]):
        if part:
            insert_late(store, profile_id, [history[position] for position in part])
            runs.append(store.runs(1)[0].run_id)
    for run_id in data.draw(st.permutations(runs)):
        take_back(store, run_id, Heard(), force=True)
    assert whole_view(store, times) == before


@given(data=st.data())
@OF_ONE_STORE
def test_replays_taken_back_in_any_order_never_were(store: Store, data: st.DataObject) -> None:
    # Every page has bytes of its own and differs from the one before: what confirms a page is not read again.
    history = [
        (at, replace(page, ref=f"page {number}", reading=replace(page.reading, metrics={"citations": 100 + number})))
        for number, (at, page) in enumerate(data.draw(histories(max_size=5)))
    ]
    times = [at for at, _ in history]
    profile_id = follow_one(emptied(store))
    check_daily(store, history)
    before = whole_view(store, times)
    runs = []
    for version in (2, 3):
        again = [
            ReadAgain(
                profile_id=profile_id,
                observed_at=at,
                reading=replace(page.reading, metrics={"citations": 100 * version + number}),
                parser=f"scholarfeed/{version}",
            )
            for number, (at, page) in enumerate(history)
        ]
        runs.append(store.begin_run("replay", day(9)))
        store.reread(again, run_id=runs[-1], recorded_at=day(9))
    for run_id in data.draw(st.permutations(runs)):
        take_back(store, run_id, Heard(), force=True)
    assert whole_view(store, times) == before
