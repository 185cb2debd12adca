"""One side of `storage.store.Store`: what people have silenced and seen, why they heard of something or did not."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from storage import asked_papers, silences, tables, waiting
from storage.accounts import accounts
from storage.acks import acknowledge, find_event
from storage.locks import Lock, waiting_for
from storage.names import find_person, name_of
from storage.page_states import doubted_pages, page_states
from storage.paper_facts import paper_facts, rejected_from
from storage.person_facts import person_facts
from storage.store_side import Side
from tracking.account import Account
from tracking.answer import PageState, PaperFacts, PersonFacts, RejectedFrom
from tracking.asked import AskedPaper
from tracking.cadence import Cadences
from tracking.kept import HeldPage
from tracking.silence import Silence
from tracking.waiting import Dropped, OutboxView, Retried


class Alerts(Side):
    """What is asked of the ledger of verdicts, and what people have to say about it."""

    # ---- silences

    def silences(self, now: datetime) -> list[Silence]:
        """Those that hold at ``now``, in the order in which they were added."""
        with self._database.reading() as connection:
            return silences.silences(connection, now)

    def all_silences(self) -> list[Silence]:
        """Those that hold, those to come, and those that have ended, in the order in which they were added."""
        with self._database.reading() as connection:
            return silences.silences(connection)

    def add_silence(self, silence: Silence) -> Silence:
        """Store a silence, whatever its id is; it is given back with the id that it has from now on."""
        with self._database.writing() as connection:
            return silences.add_silence(connection, silence)

    def end_silence(self, silence_id: str, now: datetime) -> Silence:
        """Let a silence hold no longer than until ``now``; one that has ended stays as it is. Raises UnknownSilence."""
        with self._database.writing() as connection:
            return silences.end_silence(connection, silence_id, now)

    # ---- what can be named

    def name_of(self, asked: str) -> str:
        """How a person is called who is meant by a name or a part of it, a URL or a key. Raises UnknownPerson."""
        with self._database.reading() as connection:
            return name_of(connection, find_person(connection, asked))

    def receivers(self) -> list[str]:
        """Those for whom something was ever decided, by name."""
        with self._database.reading() as connection:
            column = tables.verdict.c.receiver
            return list(connection.execute(select(column).distinct().order_by(column)).scalars())

    def metrics(self) -> list[str]:
        """Those that some profile has ever shown, by name."""
        with self._database.reading() as connection:
            column = tables.metric.c.name
            return list(connection.execute(select(column).distinct().order_by(column)).scalars())

    # ---- what was seen, and why

    def account(self, asked: str) -> Account:
        """All that is on record about the event of this id, or of the only one that begins so. Raises UnknownEvent."""
        with self._database.reading() as connection:
            (account,) = accounts(connection, [find_event(connection, asked)])
            return account

    def acknowledge(self, asked: str, note: str, now: datetime) -> tuple[Account, bool]:
        """Note that an event was seen; False where it was before, and that stands. Raises UnknownEvent."""
        with self._database.writing() as connection:
            event_id = find_event(connection, asked)
            is_new = acknowledge(connection, event_id, note, now)
            (account,) = accounts(connection, [event_id])
            return account, is_new

    def paper_called(self, asked: AskedPaper) -> PaperFacts | None:
        """The paper that goes by a key or an identifier, with all its versions; None: none does."""
        with self._database.reading() as connection:
            return paper_facts(connection, asked_papers.papers_called(connection, asked))

    def paper_titled(self, asked: AskedPaper) -> PaperFacts | None:
        """The only paper whose title holds what was asked for, with all its versions; None: none does.

        Raises ManyPapers.
        """
        paper_ids = asked_papers.papers_titled(self._database, asked)
        with self._database.reading() as connection:
            return paper_facts(connection, paper_ids)

    def rejected_from(self, asked: AskedPaper) -> list[RejectedFrom]:
        """Of whom, as their owner has said, the paper is not that goes by an identifier."""
        with self._database.reading() as connection:
            return rejected_from(connection, asked.names)

    def doubted_pages(self) -> list[HeldPage]:
        """Of each followed profile the last page that was not believed, see `storage.page_states`."""
        with self._database.reading() as connection:
            return doubted_pages(connection)

    def page_states(self, now: datetime) -> list[PageState]:
        """How every followed profile stands."""
        with self._database.reading() as connection:
            return page_states(connection, now)

    def person_facts(self, asked: str, now: datetime, cadences: Cadences | None) -> PersonFacts:
        """How a person's pages stand, and what was told of them. Raises UnknownPerson.

        ``cadences`` say when the pages are due next; None: nobody knows.
        """
        with self._database.reading() as connection:
            return person_facts(connection, find_person(connection, asked), now, cadences)

    # ---- the outbox

    def outbox(self, receiver: str | None = None, *, delivered: bool = False) -> OutboxView:
        """What waits for a receiver (None: each), and with ``delivered`` also the messages that have arrived."""
        with self._database.reading() as connection:
            return waiting.outbox_view(connection, receiver, delivered=delivered)

    def retry(self, asked: Sequence[str], now: datetime, *, receiver: str | None = None) -> Retried:
        """Have messages tried with the next delivery, see `storage.waiting`. Raises UnknownWaiting.

        Waits until nobody else delivers.
        """
        with waiting_for(self._database, Lock.DELIVERING), self._database.writing() as connection:
            return waiting.retry(connection, asked, receiver, now)

    def hurry_digests(self, receivers: Collection[str], now: datetime) -> int:
        """Let what waits for a digest of these receivers go out with the next delivery; how many events."""
        with waiting_for(self._database, Lock.DELIVERING), self._database.writing() as connection:
            return waiting.hurry_digests(connection, receivers, now)

    def drop(self, asked: Sequence[str], reason: str, now: datetime, *, receiver: str | None = None) -> Dropped:
        """Take messages or single events out of the outbox, see `storage.waiting`. Raises UnknownWaiting.

        Waits until nobody else delivers.
        """
        with waiting_for(self._database, Lock.DELIVERING), self._database.writing() as connection:
            return waiting.drop(connection, asked, receiver, reason, now)
