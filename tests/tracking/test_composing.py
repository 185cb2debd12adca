"""Which of what waits goes into which message."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tracking.composing import Composed, put_together

MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Entry:
    topic: str
    receiver: str = "me"
    digest: bool = False
    not_before: datetime | None = None


def composed(
    *messages: tuple[Entry, ...], repeated: tuple[Entry, ...] = (), put_off: tuple[Entry, ...] = ()
) -> Composed[Entry]:
    return Composed(messages=messages, repeated=repeated, put_off=put_off)


def test_one_message_and_one_digest_for_each_receiver() -> None:
    now, later = Entry("a"), Entry("b", digest=True)
    other, more = Entry("a", receiver="other"), Entry("c")
    assert put_together([later, now, other, more], set()) == composed((now, more), (other,), (later,))
    assert put_together([], set()) == composed()


def test_several_entries_of_one_topic_are_one_message() -> None:
    one, other = Entry("a"), Entry("a")
    assert put_together([one, other], set()) == composed((one, other))


def test_what_was_told_is_not_told_again() -> None:
    told, digest, new = Entry("a"), Entry("a", digest=True), Entry("b")
    stranger = Entry("a", receiver="other")
    assert put_together([told, digest, new, stranger], {("me", "a")}) == composed(
        (new,), (stranger,), repeated=(told, digest)
    )


def test_a_digest_does_not_repeat_what_goes_at_once() -> None:
    now, digest = Entry("a"), Entry("a", digest=True)
    assert put_together([digest, now], set()) == composed((now,), repeated=(digest,))


def test_who_has_had_its_fill_waits_for_the_digest() -> None:
    now, digest, other = Entry("a"), Entry("a", digest=True), Entry("b", receiver="other")
    # What is put off has not been told: the digest of the same topic goes.
    assert put_together([now, digest, other], set(), full={"me"}) == composed((other,), (digest,), put_off=(now,))


def test_what_was_for_a_digest_that_is_there_waits_for_the_next() -> None:
    early, late = (Entry(name, digest=True, not_before=MONDAY + hours * HOUR) for name, hours in (("a", 0), ("b", 2)))
    always, now = Entry("c", digest=True), Entry("d", not_before=MONDAY)
    found = put_together([early, late, always, now], set(), last_digests={"me": MONDAY + HOUR, "other": MONDAY})
    assert found == composed((now,), (late,))
