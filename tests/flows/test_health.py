"""How the program stands: what was measured, in sentences."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from flows.health import Health, TroubleKind, health_of
from tracking.check import Outcome
from tracking.receiver import ReceiverState
from tracking.view import RunView
from tracking.vitals import Backlog, Vitals
from tracking.watchfulness import USUAL_PATIENCE, RunsSoFar

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def run(at: datetime = NOW, *, is_finished: bool = True) -> RunView:
    return RunView(
        run_id="1",
        kind="track",
        now=at,
        started_at=at,
        finished_at=at if is_finished else None,
        manifest={"state": "ok"} if is_finished else None,
    )


def vitals(outcomes: Mapping[Outcome | None, int], last: RunView | None = None, **measured: object) -> Vitals:
    """Of people who have one profile each, and a last run."""
    good = last if last is not None and last.finished_at is not None else None
    return Vitals(
        **{
            "people": sum(outcomes.values()),
            "profiles": {("scholarfeed", outcome): count for outcome, count in outcomes.items()},
            "runs": RunsSoFar(good=good, later=() if good or last is None else (last,), first_at=last and last.now),
            "last_runs": {} if last is None else {"track": last},
        }
        | measured  # type: ignore[arg-type]
    )


def health(of: Vitals, broken: str | None = None) -> Health:
    return health_of(of, USUAL_PATIENCE, NOW, broken=broken)


@pytest.mark.parametrize(
    ("of", "told"),
    [
        (vitals({Outcome.OK: 3}, run()), {}),
        (vitals({}), {}),
        (vitals({}, run(NOW - timedelta(days=9))), {}),
        (vitals({None: 3}), {TroubleKind.NO_RUN: "no run yet: scholarwatch run"}),
        (
            vitals({Outcome.OK: 1}, run(is_finished=False)),
            {
                TroubleKind.UNFINISHED_RUN: "the run of 2026-11-22 09:00 UTC goes on or was cut off: the next one takes up "
                "its work"
            },
        ),
        (
            vitals({Outcome.OK: 1}, run(NOW - timedelta(hours=37))),
            {
                TroubleKind.LATE: "no good run for more than 36 hours: the last was of 2026-11-20 20:00 UTC, and none was "
                "started since"
            },
        ),
        (
            vitals({Outcome.OK: 2, Outcome.BLOCKED: 1, Outcome.UNREACHABLE: 1, Outcome.ROBOTS: 1}, run()),
            {TroubleKind.UNREAD: "2 of 5 profiles could not be read at the last check"},
        ),
        (
            vitals({Outcome.QUARANTINED: 2}, run(), held=1),
            {TroubleKind.HELD: "1 profile changed too much to be believed unseen: scholarwatch quarantine list"},
        ),
        (
            vitals({Outcome.OK: 1, Outcome.COOLING_DOWN: 2}, run()),
            {
                TroubleKind.NO_TURN: "2 profiles did not get a turn, for their hosts are left alone: the next run begins "
                "there"
            },
        ),
        (
            vitals({Outcome.COOLING_DOWN: 1}, run()),
            {
                TroubleKind.NO_TURN: "1 profile did not get a turn, for its host is left alone: the next run begins there"
            },
        ),
        (
            vitals({Outcome.OK: 1}, run(), backlog=Backlog(dead=1)),
            {
                TroubleKind.DEAD_MESSAGES: "1 message could not be delivered and will not be tried again: scholarwatch outbox "
                "list --dead"
            },
        ),
        (
            vitals({Outcome.OK: 1}, run(), off=(ReceiverState(name="me", off_at=NOW, off_reason="410 Gone"),)),
            {
                TroubleKind.RECEIVER_OFF: "me is switched off since 2026-11-22 09:00 UTC (410 Gone); to try again: "
                "scholarwatch outbox retry --receiver me"
            },
        ),
        (vitals({Outcome.OK: 1}, run(), free_bytes=256_000_000, size_bytes=2_560_000_000), {}),
        (
            vitals({Outcome.OK: 1}, run(), free_bytes=255_999_999),
            {TroubleKind.DISK: "the disk that holds the database has 256 MB left: scholarwatch prune makes room"},
        ),
        (
            vitals({Outcome.OK: 1}, run(), free_bytes=900_000_000, size_bytes=10_000_000_000),
            {TroubleKind.DISK: "the disk that holds the database has 900 MB left: scholarwatch prune makes room"},
        ),
    ],
    ids=lambda value: ", ".join(value) or "fine" if isinstance(value, dict) else "",
)
def test_troubles(of: Vitals, told: dict[TroubleKind, str]) -> None:
    found = health(of)
    assert {trouble.kind: trouble.detail for trouble in found.troubles} == told
    assert found.is_well is not bool(told)


def test_a_broken_configuration_is_a_trouble() -> None:
    found = health(vitals({Outcome.OK: 1}, run()), broken="scholarwatch.yaml:3: rules: must be a list, not text")
    assert found.line == (
        "Something needs to be looked at: scholarwatch.yaml:3: rules: must be a list, not text."
    )  # fmt: skip


@pytest.mark.parametrize(
    ("of", "line"),
    [
        (vitals({}), "All is well: nobody is followed yet."),
        (
            vitals({Outcome.OK: 3}, run(NOW - timedelta(hours=5)), people=1),
            "All is well: 3 profiles of 1 person, last good run 5 hours ago.",
        ),
        (
            vitals({Outcome.BLOCKED: 1, Outcome.OK: 1}, run(), held=2, backlog=Backlog(dead=3)),
            "Something needs to be looked at: 1 of 2 profiles could not be read at the last check (and 2 other troubles).",
        ),
    ],
)
def test_it_is_said_in_one_line(of: Vitals, line: str) -> None:
    assert health(of).line == line


def test_json() -> None:
    found = health(vitals({Outcome.OK: 1, Outcome.BLOCKED: 2}, run()))
    assert found.to_json() == {
        "well": False,
        "line": "Something needs to be looked at: 2 of 3 profiles could not be read at the last check.",
        "now": "2026-11-22T09:00:00+00:00",
        "people": 3,
        "profiles": 3,
        "last_good_run": "2026-11-22T09:00:00+00:00",
        "troubles": [
            {"kind": "unread", "detail": "2 of 3 profiles could not be read at the last check", "count": 2},
        ],
    }
