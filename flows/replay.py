"""Stored pages through today's parsers: what would be read differently, and on request what is recorded instead.

    store.stored_snapshots
      | reread           in worker processes, a few pages at a time
      | report           every fact that differs, by field, with examples
      | apply            only on request: the new readings, a profile at a time, in the order of time
    store.unread_pages
      | try              what could not be read when it came
      | report           how much of it can be read now
      | record           only on request: the pages at their own times, see `flows.unread_pages`

It asks no site and delivers nothing, and without being asked to record it writes nothing. Of what the parser alone
changed nobody is told; the papers of a day whose page can be read at last wait to be delivered.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby, islice
from operator import attrgetter
from time import perf_counter
from typing import Any, TypeVar

from flows.config.whole import Settings
from flows.rereading import ParsePage, ReadAtLast, reread, try_unread
from flows.unread_pages import Recorder
from flows.workers import spread
from scrapers.parse import parse_page
from storage.packed import PackedSnapshot
from storage.store import Store
from tracking.check import Outcome
from tracking.kept import UnreadPage
from tracking.replay_report import ReplayReport
from tracking.reread import ReadAgain

#: Pages that are handed to a worker together.
_PAGES_TOGETHER = 8
#: With fewer pages than in so many parts, processes never make up for their start.
_PARTS_WORTH_PROCESSES = 8

#: Hears of how many pages how many are done.
Progress = Callable[[int, int], None]
Apply = Callable[[Sequence[ReadAgain]], object]
Record = Callable[[Iterable[ReadAtLast]], Mapping[Outcome, int]]

_Page = TypeVar("_Page")
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayManifest:
    """What one `replay` found. ``run_id`` is set when it was to record that."""

    run_id: str | None
    now: datetime
    report: ReplayReport
    #: What waits to be delivered, of this run and of others; 0 where nothing was to be recorded.
    undelivered: int
    elapsed_seconds: float

    @property
    def is_degraded(self) -> bool:
        """True when a page that was read once can not be read any more."""
        return self.report.failed > 0

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": "replay",
            "run": self.run_id,
            "now": self.now.isoformat(),
            "state": "degraded" if self.is_degraded else "ok",
            "applied": self.run_id is not None,
            **self.report.to_json(),
            "absorbed": self.report.facts if self.run_id is not None else 0,
            "undelivered": self.undelivered,
            "elapsed_seconds": round(self.elapsed_seconds, 3),
        }


def replay(
    store: Store,
    now: datetime,
    *,
    source: str | None = None,
    person: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    record: Settings | None = None,
    progress: Progress | None = None,
    parse: ParsePage = parse_page,
) -> ReplayManifest:
    """Read the stored pages again that were observed from ``since`` until ``until``, both included.

    With ``record``, each reading that differs takes the place of the stored one, and each page that can be read at
    last its own place, as a run of its own; whom to tell of the latter is said by these settings. ``parse`` is a
    function of a module. Raises UnknownPerson.
    """
    started = perf_counter()
    chosen: dict[str, Any] = {"source": source, "person": person, "since": since, "until": until}
    snapshots, unread = store.stored_snapshots(**chosen), store.unread_pages(**chosen)
    total = snapshots.count() + unread.count()
    run_id = store.begin_run("replay", now) if record is not None else None
    apply = partial(store.reread, run_id=run_id, recorded_at=now) if run_id is not None else None
    recorder = Recorder(store, record, run_id, now, parse) if record is not None and run_id is not None else None
    report = read_again(snapshots.packed(), total, progress=progress, apply=apply, parse=parse)
    read_unread(
        unread,
        report,
        progress=partial(progress, total) if progress is not None else None,
        record=recorder.record if recorder is not None else None,
        parse=parse,
    )
    manifest = ReplayManifest(
        run_id=run_id,
        now=now,
        report=report,
        undelivered=store.status().undelivered if run_id is not None else 0,
        elapsed_seconds=perf_counter() - started,
    )
    if run_id is not None:
        store.end_run(run_id, manifest.to_json())
    return manifest


def read_again(
    snapshots: Iterable[PackedSnapshot],
    total: int,
    *,
    progress: Progress | None = None,
    apply: Apply | None = None,
    parse: ParsePage = parse_page,
    processes: int | None = None,
) -> ReplayReport:
    """Compare snapshots, which come by profile, with what ``parse`` reads now; ``total`` is for ``progress`` only.

    ``apply`` gets the readings to be stored, all of one profile at once, in the order in which they came.
    ``processes`` None: one for each processor.
    """
    report = ReplayReport()
    work = partial(reread, parse=parse, with_readings=apply is not None)

    def readings() -> Iterator[ReadAgain]:
        for part in _spread(work, snapshots, processes):
            report.add(part.report)
            yield from part.again
            if progress is not None:
                progress(max(total, report.pages), report.pages)

    for _, of_profile in groupby(readings(), key=attrgetter("profile_id")):
        if apply is not None:
            apply(list(of_profile))
    return report


def read_unread(
    pages: Iterable[UnreadPage],
    report: ReplayReport,
    *,
    progress: Callable[[int], None] | None = None,
    record: Record | None = None,
    parse: ParsePage = parse_page,
    processes: int | None = None,
) -> None:
    """Try pages that could not be read, which come by profile, with ``parse``, and add them to ``report``.

    ``record`` gets what can be read now, all of one profile while it is being read, and says how it ended.
    """
    work = partial(try_unread, parse=parse, with_readings=record is not None)

    def findings() -> Iterator[ReadAtLast]:
        for part in _spread(work, pages, processes):
            report.add(part.report)
            yield from part.found
            if progress is not None:
                progress(report.pages + report.unread.readable + report.unread.unreadable)

    for _, of_profile in groupby(findings(), key=attrgetter("profile_id")):
        if record is not None:
            report.unread.recorded.update(record(of_profile))


def _spread(
    work: Callable[[Sequence[_Page]], _Result], pages: Iterable[_Page], processes: int | None
) -> Iterator[_Result]:
    return spread(
        work, _parts(pages), processes=processes or os.cpu_count() or 1, worth_processes=_PARTS_WORTH_PROCESSES
    )


def _parts(pages: Iterable[_Page]) -> Iterator[list[_Page]]:
    left = iter(pages)
    while part := list(islice(left, _PAGES_TOGETHER)):
        yield part
