"""Pages that could not be read when they came, and can be now: each takes its place at the time of its coming.

    one profile, oldest first
      | align            what comes before the first of them has been read by the same parser
      | store.insert     with the usual causes and the full guard
      | judge            the papers of those days are told; what later checks have told already is not

Nothing is delivered here.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain, islice

from alerts.subject import Subject
from flows.config.whole import Settings
from flows.judging import Court, courts
from flows.rereading import ParsePage, ReadAtLast, reread
from storage.store import Store
from tracking.alert import HEARD_OF, Verdict, VerdictKind
from tracking.check import Outcome
from tracking.event import Event, EventKind
from tracking.late import LateSighting

#: Pages of one profile that are written in one transaction.
_PAGES_AT_ONCE = 16
#: How a page that was observed by a check is called where it came from.
_ORIGIN = "live"


class Recorder:
    """Records pages of one run of `replay` that can be read at last."""

    def __init__(self, store: Store, settings: Settings, run_id: str, now: datetime, parse: ParsePage) -> None:
        self._store = store
        self._settings = settings
        self._run_id = run_id
        self._now = now
        self._parse = parse

    def record(self, found: Iterable[ReadAtLast]) -> Counter[Outcome]:
        """Record what was read of one profile, oldest first and at least one page; how they ended."""
        left = iter(found)
        first = next(left)
        self._align(first)
        confirmed_at = self._confirmed_at(first.profile_id)
        outcomes: Counter[Outcome] = Counter()
        left = chain([first], left)
        while part := list(islice(left, _PAGES_AT_ONCE)):
            outcomes.update(self._insert(part, confirmed_at))
        return outcomes

    def _confirmed_at(self, profile_id: int) -> datetime | None:
        """When the profile was last read by a check."""
        known = self._store.known([profile_id])
        return known[profile_id].confirmed_at if known else None

    def _align(self, first: ReadAtLast) -> None:
        """Pages that two versions of a parser read differ by more than what the source changed."""
        unread = first.unread
        before = self._store.stored_snapshots().last_before(unread.profile_id, unread.observed_at)
        if before is not None and before.parser != first.parser:
            again = reread([before], parse=self._parse, with_readings=True).again
            self._store.reread(again, run_id=self._run_id, recorded_at=self._now)

    def _insert(self, found: Sequence[ReadAtLast], confirmed_at: datetime | None) -> list[Outcome]:
        unread = found[0].unread
        subject = Subject(person=unread.person, tags=unread.tags, source=unread.source, profile_url=unread.profile_url)
        [court] = courts(self._store, self._settings, [(unread.profile_id, subject)], unread.observed_at, self._now)

        def judged(events: Sequence[Event]) -> list[Verdict]:
            return self._judge(court, events, confirmed_at) if unread.followed else []

        inserted = self._store.insert(
            unread.profile_id,
            [
                LateSighting(observed_at=one.unread.observed_at, finding=one.parsed, origin=_ORIGIN, place=None)
                for one in found
            ],
            run_id=self._run_id,
            recorded_at=self._now,
            cause=None,
            judge=judged,
        )
        return [outcome for outcome, _ in inserted.outcomes.values()]

    def _judge(self, court: Court, events: Sequence[Event], confirmed_at: datetime | None) -> list[Verdict]:
        """As on its day. A check that followed has told the sum of what had changed by then; papers have a topic."""
        verdicts = court.judge(events, self._now)
        summed_up = {
            event.id
            for event in events
            if event.kind is not EventKind.PAPER_NEW and confirmed_at is not None and event.observed_at <= confirmed_at
        }
        return [_already_told(verdict) if verdict.event_id in summed_up else verdict for verdict in verdicts]


def _already_told(verdict: Verdict) -> Verdict:
    if verdict.kind not in HEARD_OF:
        return verdict
    return replace(
        verdict,
        kind=VerdictKind.ALREADY_TOLD,
        why=f"a check that followed compared with the page before: {verdict.why}",
        not_before=None,
        item=None,
    )
