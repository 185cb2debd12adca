"""A store in which everything happens that can change an export, one thing after the other."""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from flows.export.exporting import export
from flows.export.merge import merge
from flows.export.wanted import Exported, Format, Wanted
from storage.store import Store
from tests.storage.builders import followed
from tests.tracking.builders import DAY, NOON, page, parsed
from tests.tracking.histories import pages
from tests.tracking.strategies import papers as paper_readings
from tracking.alert import Told, Verdict
from tracking.check import Failure, Finding, NotModified, Outcome, Parsed
from tracking.decide import decide
from tracking.event import Event
from tracking.late import LateSighting
from tracking.reading import ProfileReading
from tracking.reread import ReadAgain
from tracking.view import FollowedPerson

_KEYS = ("1", "2", "3")
#: Who may be followed: the first two as they begin, then renamed, retired, moved to another person, and joined.
_FOLLOWED: tuple[Sequence[FollowedPerson], ...] = (
    [followed("Ada", "1", tags=("lab",)), followed("Bo", "2", "3")],
    [followed("Ada King", "1"), followed("Bo", "2", "3")],
    [followed("Bo", "3"), followed(None, "2")],
    [followed("Ada", "1", "2"), followed("Bo", "3")],
    [followed("Ada", "1"), followed("Bo", "2", "3"), followed(None, "0")],
)


class Life:
    """What happens is drawn; everything takes its run, as the flows do it."""

    def __init__(self, store: Store, drawn: st.DataObject) -> None:
        self._store = store
        self._draw = draw = drawn.draw
        self._now = NOON
        pool = draw(st.lists(paper_readings(), min_size=2, max_size=4, unique_by=lambda one: one.title))
        often = draw(st.lists(pages(pool), min_size=1, max_size=2))
        #: The same pages come again, on other profiles and between others.
        self._readings = st.sampled_from(often) | pages(pool)
        self._runs: list[str] = []
        self._follow(_FOLLOWED[0])

    @property
    def now(self) -> datetime:
        return self._now

    def go_on(self) -> None:
        """One more thing happens."""
        self._now += DAY
        match self._draw(st.sampled_from(["check", "check", "check", "late", "late", "revert", "replay", "follow"])):
            case "check":
                self._check()
            case "late":
                self._insert()
            case "revert" if self._runs:
                self._revert(self._runs.pop(self._draw(st.integers(0, len(self._runs) - 1))))
            case "replay":
                self._reread()
            case "follow":
                self._follow(self._draw(st.sampled_from(_FOLLOWED)))

    def _follow(self, people: Sequence[FollowedPerson]) -> None:
        self._store.follow(people, self._now)

    def _check(self) -> None:
        run_id = self._store.begin_run("track", self._now)
        for watch in self._store.due(self._now, cadence=None):
            known = self._store.known([watch.profile_id]).get(watch.profile_id)
            finding = self._draw(self._findings())
            if isinstance(finding, NotModified) and known is None:
                continue
            intent = decide(replace(watch, accept_next=True), finding, known, self._now)
            assert self._store.apply([(intent, [])], run_id=run_id, recorded_at=self._now) == [True]
        self._end(run_id)

    def _findings(self) -> st.SearchStrategy[Finding]:
        unchanged = st.just(NotModified(url="http://127.0.0.1/author/1"))
        failed = st.just(Failure(outcome=Outcome.BLOCKED, detail="a captcha"))
        return st.one_of(unchanged, failed, self._pages(), self._pages())

    def _pages(self) -> st.SearchStrategy[Parsed]:
        return st.builds(_found, self._readings, st.sampled_from(["", "<p>another day</p>"]))

    def _insert(self) -> None:
        profile = self._draw(st.sampled_from(self._store.to_fill()))
        hours = self._draw(st.lists(st.integers(0, 240), min_size=1, max_size=3, unique=True))
        late = [
            LateSighting(
                observed_at=self._now - timedelta(hours=each),
                finding=self._draw(self._pages()),
                origin="pages",
                place=f"{each}.html",
            )
            for each in hours
        ]
        run_id = self._store.begin_run("backfill", self._now)
        self._store.insert(profile.profile_id, late, run_id=run_id, recorded_at=self._now)
        self._end(run_id)

    def _reread(self) -> None:
        stored = list(self._store.stored_snapshots())
        run_id = self._store.begin_run("replay", self._now)
        again = [
            ReadAgain(
                profile_id=one.profile_id,
                observed_at=one.observed_at,
                reading=self._draw(self._readings),
                parser="scholarfeed/2",
            )
            for one in stored
            if self._draw(st.booleans())
        ]
        self._store.reread(again, run_id=run_id, recorded_at=self._now)
        self._end(run_id)

    def _revert(self, run_id: str) -> None:
        by_run = self._store.revert(run_id, now=self._now, correct=_nobody).by_run
        assert by_run is not None
        self._store.end_run(by_run, {})

    def _end(self, run_id: str) -> None:
        self._store.end_run(run_id, {})
        self._runs.append(run_id)


def _found(reading: ProfileReading, noise: str) -> Parsed:
    return replace(parsed(reading), page=page(f"{reading!r}{noise}".encode()))


def _nobody(told: Sequence[Told]) -> tuple[list[Event], list[Verdict]]:
    assert not told
    return [], []


def jsonl(store: Store, path: Path, now: datetime, **wanted: Any) -> Exported:
    """An export as JSON Lines, in the place of what is there."""
    return export(store, Wanted(format=Format.JSONL, out=path, force=True, **wanted), now, standard_output=io.BytesIO())


def merged(base: Path, delta: Path) -> bytes:
    out = io.BytesIO()
    merge(base, delta, out)
    return out.getvalue()
