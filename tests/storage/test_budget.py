"""What a day costs on disk: the budget of the design, measured over sixty days."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from storage.store import Store
from tests.storage.builders import accepted, apply, day, ended, event, followed, verdict, watch
from tests.storage.pages import large_page, papers
from tracking.alert import VerdictKind
from tracking.check import CheckIntent, Outcome, Watch
from tracking.event import EventKind

#: Enough that the pages of the file that are not full weigh little.
_PROFILES = 20
_DAYS = 60
_SHOWN = {number: papers(number, 50) for number in range(_PROFILES)}

_Decide = Callable[[Watch, int, int], CheckIntent]


def _first(of: Watch, number: int, at: int) -> CheckIntent:
    metrics = {"citations": 1_000 * number, "h_index": 30}
    answer = large_page(_SHOWN[number], metrics, at)
    return accepted(of, day(at), _SHOWN[number], metrics=metrics, answer=answer)


def _bytes_per_profile_day(path: Path, decide: _Decide) -> float:
    """Growth of the file by sixty days of one kind of check, after a first sight."""
    with Store.open(str(path)) as store:
        store.follow([followed(f"Person {number}", str(number)) for number in range(_PROFILES)], day(0))
        for number in range(_PROFILES):
            apply(store, _first(watch(store, str(number)), number, 0))
    before = _vacuumed(path)
    with Store.open(str(path)) as store:
        for at in range(1, _DAYS + 1):
            watches = store.due(day(at), cadence=None)
            intents = [decide(of, number, at) for number, of in enumerate(watches)]
            about = [verdict(each, kind=VerdictKind.NO_RULE) for intent in intents for each in intent.events]
            assert all(apply(store, *intents, verdicts=about))
    return (_vacuumed(path) - before) / (_PROFILES * _DAYS)


def _vacuumed(path: Path) -> int:
    """Bytes of the file without the room that is kept free in it."""
    connection = sqlite3.connect(path)
    connection.execute("VACUUM")
    connection.close()
    return path.stat().st_size


def test_the_pages_are_as_large_as_real_ones() -> None:
    assert 80_000 < len(large_page(_SHOWN[0], {}, 0).body) < 200_000


def test_an_unchanged_day_costs_at_most_200_bytes(tmp_path: Path) -> None:
    def unchanged(of: Watch, number: int, at: int) -> CheckIntent:
        if at % 2:
            return ended(of, day(at), Outcome.NOT_MODIFIED, status=304, elapsed_seconds=0.2)
        answer = large_page(_SHOWN[number], {"views": at}, at)
        return ended(of, day(at), Outcome.UNCHANGED, status=200, size=len(answer.body), page=answer)

    assert _bytes_per_profile_day(tmp_path / "scholarwatch.db", unchanged) <= 200


def test_a_change_of_metrics_costs_at_most_a_kilobyte(tmp_path: Path) -> None:
    """With the raw page, the event and what was said about it."""

    def moved(of: Watch, number: int, at: int) -> CheckIntent:
        metrics = {"citations": 1_000 * number + 3 * at, "h_index": 30}
        change = event(
            of,
            EventKind.METRIC_CHANGED,
            day(at),
            field="citations",
            before=metrics["citations"] - 3,
            after=metrics["citations"],
            since=day(at - 1),
        )
        return accepted(
            of,
            day(at),
            _SHOWN[number],
            new=[],
            metrics=metrics,
            answer=large_page(_SHOWN[number], metrics, at),
            events=(change,),
        )

    assert _bytes_per_profile_day(tmp_path / "scholarwatch.db", moved) <= 1_000
