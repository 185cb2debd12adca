"""The daily run.

    store.due
      | fetch            one profile after the other at its host's turn, hosts side by side; who waited longest first
      | parse            only what has other bytes than last time
      | store.known      in batches, of the profiles whose page was parsed
      | decide           pure: guard, identity, diff, events
      | relate           pure: what the person's other sources have shown before
      | store.memories   of the profiles on which something has happened: what was told of them
      | judge            pure: rules to verdicts
      | store.apply      in batches: snapshot, facts, events, verdicts and outbox in one transaction
      | recounts         once for a whole source: has it counted a metric anew?
      | drift            likewise: has its layout moved?
      | outages          once for a whole host: is it down, or does it let nobody in?
      | whereabouts      is a profile gone, or is it at another URL?
      | manifest

It does not deliver (`flows.deliver` does), does not read a clock (``now`` is given), and knows no Prefect
(`flows.orchestrated` wraps it).
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from time import perf_counter
from typing import Any

from alerts.subject import Subject
from flows.afterwards import record_afterwards
from flows.batches import Batch, CheckBatch, batches
from flows.config.whole import Settings
from flows.fetching import fetcher_for
from flows.judging import verdicts_about
from flows.logs import log_check
from flows.manifest import ShardPart, Tally, TrackManifest
from flows.parsing import Parsing
from flows.politeness import StoredGate
from flows.relating import one_profile_of_each_person, related
from flows.yesterday import broken_words, record_broken, take_over
from scrapers.asking import fetch_profile
from scrapers.parse import parser_of, parser_with
from scrapers.reading_note import note_on, with_note
from scrapers.registry import SOURCES
from storage.store import Store
from tracking.cadence import Cadences
from tracking.check import CheckIntent, Failure, Finding, Known, Outcome, Page, Parsed, SameBytes, Watch
from tracking.decide import decide
from tracking.event import Event
from tracking.rejecting import as_believed

#: Pages that say, with whatever status, that their host does not want to be asked.
_REFUSALS = (Outcome.BLOCKED, Outcome.THROTTLED)

Progress = Callable[[int, int], None]


async def track(
    store: Store,
    settings: Settings,
    now: datetime,
    *,
    cadence: Cadences | None = None,
    progress: Progress | None = None,
    check_batch: CheckBatch | None = None,
) -> TrackManifest:
    """Check every profile that is due at ``now``, and store what came of it.

    ``cadence`` None: every followed profile that was not checked at ``now`` or later. ``progress`` hears of how
    many checks how many are written. ``check_batch`` runs one batch; by default here and now.
    """
    started = perf_counter()
    take_over(store, settings, now)
    run_id = store.begin_run("track", now)
    watches = store.due(now, cadence=cadence)
    tell = None if progress is None else partial(progress, len(watches))
    total = await check_all(
        store, settings, now, run_id, watches, began=started, on_written=tell, check_batch=check_batch
    )
    manifest = conclude(store, settings, now, run_id, len(watches), total, began=started)
    store.end_run(run_id, manifest.to_json())
    return manifest


def conclude(
    store: Store,
    settings: Settings,
    now: datetime,
    run_id: str,
    profiles: int,
    total: Tally,
    *,
    began: float,
    shards: tuple[ShardPart, ...] = (),
) -> TrackManifest:
    """Record what is seen only when all profiles of a run were checked; gives what the run comes to."""
    told = [
        *record_afterwards(store, settings, total.shapes, run_id, now),
        *record_broken(store, settings, run_id, now),
    ]
    total.events.update(event.kind.value for event in told)
    return TrackManifest(
        run_id=run_id,
        now=now,
        profiles=profiles,
        tally=total,
        elapsed_seconds=perf_counter() - began,
        broken=broken_words(settings.yesterday) if settings.yesterday is not None else None,
        shards=shards,
    )


async def check_all(
    store: Store,
    settings: Settings,
    now: datetime,
    run_id: str,
    watches: Sequence[Watch],
    *,
    began: float,
    on_written: Callable[[int], None] | None = None,
    check_batch: CheckBatch | None = None,
    shared_people: Collection[int] = (),
) -> Tally:
    """Check these profiles as a part of a run, or all of it, and store what came of each.

    It was ``now`` when the clock that counts seconds said ``began``. ``shared_people`` are followed at profiles that
    another process checks at the same time.
    """
    total = Tally()
    async with _Checker(
        store, settings, now, run_id, len(watches), on_written, began=began, shared_people=shared_people
    ) as checker:
        parts = list(batches(checker, watches))
        for tally in await asyncio.gather(*((check_batch or Batch.run)(batch) for batch in parts)):
            total.add(tally)
    return total


class _Checker:
    """What all batches of a run share: one client, one set of parsers, and one thread that talks to the store."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        now: datetime,
        run_id: str,
        profiles: int,
        on_written: Callable[[int], None] | None,
        *,
        began: float,
        shared_people: Collection[int] = (),
    ) -> None:
        self._store = store
        self._settings = settings
        self._now = now
        self._run_id = run_id
        self._on_written = on_written
        self._written = 0
        self._relating = asyncio.Lock()
        self._shared_people = frozenset(shared_people)
        self._store_thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._gate = StoredGate(store, settings.policy, now, self._store_thread, began=began)
        self._fetcher = fetcher_for(settings, self._gate)
        self._parsing = Parsing(profiles)

    async def __aenter__(self) -> "_Checker":
        await self._fetcher.__aenter__()
        return self

    async def __aexit__(self, *exc: Any) -> None:
        await self._parsing.__aexit__(*exc)
        await self._fetcher.__aexit__(*exc)
        await self._gate.__aexit__(*exc)
        self._store_thread.shutdown()

    async def find(self, watch: Watch) -> Finding:
        """What the world answers about one profile: fetched, and parsed where that is needed."""
        source, options = SOURCES[watch.source], self._settings.sources[watch.source]
        is_read_anew = watch.parser != parser_with(source, source.reading_note(watch.url, options))
        # A missing paper is settled, and another parser served, by a page in full: never by the word that nothing has
        # changed.
        validators = None if watch.unsettled or is_read_anew else watch.validators
        answer = await fetch_profile(
            self._fetcher,
            source,
            watch.url,
            options=options,
            hosts=self._settings.source_hosts[watch.source],
            validators=validators,
        )
        if not isinstance(answer, Page):
            return answer
        if self._is_same(watch, answer):
            return SameBytes(page=answer)
        finding = await self._parsing.parse(watch.source, answer, self._now.astimezone(UTC).date())
        if isinstance(finding, Failure) and finding.outcome in _REFUSALS:
            await self._fetcher.report_blocked(answer.url, finding.detail)
        return finding

    def _is_same(self, watch: Watch, page: Page) -> bool:
        if watch.unsettled or watch.parser != parser_of(SOURCES[watch.source], page):
            return False
        return watch.body_sha256 == hashlib.sha256(page.body).digest()

    async def write(self, checks: Sequence[tuple[Watch, Finding]]) -> Tally:
        """Decide, judge and store checks; profiles of different people in one transaction."""
        tally = Tally()
        for part in one_profile_of_each_person(checks):
            tally.add(await self._write_together(part))
        return tally

    async def _write_together(self, checks: Sequence[tuple[Watch, Finding]]) -> Tally:
        parsed = [watch.profile_id for watch, finding in checks if isinstance(finding, Parsed)]
        known = await self._in_store(self._store.known, parsed) if parsed else {}
        findings = [await self._as_read(watch, finding, known.get(watch.profile_id)) for watch, finding in checks]
        intents = [
            decide(watch, finding, known.get(watch.profile_id), self._now)
            for (watch, _), finding in zip(checks, findings, strict=True)
        ]
        # From what others have shown to what is written, one at a time: of two sources one is the first.
        watches = [watch for watch, _ in checks]
        async with self._relating, self._no_other_process(watches):
            intents = await self._in_store(related, self._store, watches, intents, known)
            verdicts = await self._in_store(
                verdicts_about, self._store, self._settings, _found(watches, intents), self._now
            )
            decisions = list(zip(intents, verdicts, strict=True))
            written = await self._in_store(self._store.apply, decisions, run_id=self._run_id, recorded_at=self._now)
        tally = Tally()
        for (watch, _), finding, (intent, _), is_written in zip(checks, findings, decisions, written, strict=True):
            tally.count(watch, intent, written=is_written)
            if is_written:
                self._log(watch, intent)
            if is_written and isinstance(finding, Parsed):
                accepted = intent.snapshot is not None
                tally.count_reading(watch, finding, known.get(watch.profile_id), accepted=accepted)
        self._written += len(checks)
        if self._on_written is not None:
            self._on_written(self._written)
        return tally

    @asynccontextmanager
    async def _no_other_process(self, watches: Sequence[Watch]) -> AsyncIterator[None]:
        """Be the one that relates these profiles to others, where another process checks some of those others."""
        if all(watch.person_id not in self._shared_people for watch in watches):
            yield
            return
        with ExitStack() as held:
            await self._in_store(held.enter_context, self._store.relating_lock())
            try:
                yield
            finally:
                await self._in_store(held.close)

    def _log(self, watch: Watch, intent: CheckIntent) -> None:
        log_check(
            self._run_id,
            watch.person,
            watch.url,
            outcome=intent.outcome,
            detail=intent.detail,
            elapsed_seconds=intent.elapsed_seconds,
            events=len(intent.events),
        )

    async def _as_read(self, watch: Watch, finding: Finding, known: Known | None) -> Finding:
        """What is to be decided: with the page before, read alike, and without what the owner has rejected."""
        finding = await self._with_previous(watch, finding, known)
        return as_believed(watch, finding, known, self._now) if isinstance(finding, Parsed) else finding

    async def _with_previous(self, watch: Watch, finding: Finding, known: Known | None) -> Finding:
        """After a parser upgrade, or with other selectors, the last accepted page is read again.

        What that alone changes is no change of the source.
        """
        if not isinstance(finding, Parsed) or known is None or watch.parser == finding.parser:
            return finding
        page = await self._in_store(self._store.last_page, watch.profile_id)
        if page is None:
            return finding
        page = with_note(page, note_on(finding.page))
        again = await self._parsing.parse(watch.source, page, known.observed_at.date())
        return replace(finding, previous=again.reading) if isinstance(again, Parsed) else finding

    async def _in_store(self, work: Callable[..., Any], *args: Any, **named: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._store_thread, lambda: work(*args, **named))


def _found(watches: Sequence[Watch], intents: Sequence[CheckIntent]) -> list[tuple[Sequence[Event], Subject]]:
    """What is to be judged of each check."""
    found: list[tuple[Sequence[Event], Subject]] = []
    for watch, intent in zip(watches, intents, strict=True):
        name = watch.person or (intent.snapshot.reading.name if intent.snapshot else watch.url)
        subject = Subject(person=name, tags=watch.tags, source=watch.source, profile_url=watch.url)
        found.append((intent.events, subject))
    return found
