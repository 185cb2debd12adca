"""What the store answers, in words."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from cli.views_text import event_line, metric_lines, say_status
from tracking.check import Outcome
from tracking.event import Cause, EventKind, Value
from tracking.receiver import ReceiverState
from tracking.view import EventView, RunView, StatusView

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def event(
    kind: EventKind, title: str | None = None, field: str | None = None, before: Value = None, after: Value = None
) -> EventView:
    return EventView(
        id="89abcdef01234567",
        kind=kind,
        cause=Cause.SOURCE,
        person="Ada Example",
        profile="1001",
        source="scholarfeed",
        paper_key=title and "arxiv:2611.00001",
        paper_title=title,
        field=field,
        before=before,
        after=after,
        observed_at=NOW,
        recorded_at=NOW,
    )


@pytest.mark.parametrize(
    ("shown", "line"),
    [
        (
            event(EventKind.PROFILE_BASELINE, after=1),
            "profile.baseline  Ada Example: followed from now on, with 1 paper",
        ),
        (event(EventKind.PAPER_NEW, "Sheaves"), "paper.new         Ada Example: Sheaves"),
        (
            event(EventKind.METRIC_CHANGED, field="citations", before=1204, after=1311),
            "metric.changed    Ada Example: citations 1,204 → 1,311 (+107, +8.9 %)",
        ),
        (
            event(EventKind.METRIC_CHANGED, field="novelty", before=0.55, after=0.56),
            "metric.changed    Ada Example: novelty 55 % → 56 % (+1 point)",
        ),
        (
            event(EventKind.METRIC_MILESTONE, field="citations", before=980, after=1311),
            "metric.milestone  Ada Example: citations past 1,000, 980 → 1,311 (+331, +33.8 %)",
        ),
        (
            event(EventKind.SOURCE_RECOUNT, field="citations", after="citations fell on 40 of 100 profiles " * 2),
            f"source.recount    Ada Example: {'citations fell on 40 of 100 profiles ' * 2}",
        ),
        (
            event(EventKind.PAPER_RETITLED, "Sheaves", "title", "Sheavs", "Sheaves"),
            "paper.retitled    Ada Example: Sheavs → Sheaves",
        ),
        (
            event(EventKind.PAPER_ENRICHED, "Sheaves", "has_code", False, True),
            "paper.enriched    Ada Example: Sheaves (has code no → yes)",
        ),
        (
            event(EventKind.PAPER_ENRICHED, "Sheaves", "institutions", [], ["a lab", "another"]),
            "paper.enriched    Ada Example: Sheaves (institutions – → a lab, another)",
        ),
        (
            event(EventKind.PAPER_ENRICHED, "Sheaves", "abstract", None, "word " * 40),
            f"paper.enriched    Ada Example: Sheaves (abstract – → {('word ' * 40)[:59]}…)",
        ),
        (
            event(EventKind.PAPER_ENRICHED, "Sheaves", "source", "arxiv", "openalex"),
            "paper.enriched    Ada Example: Sheaves (now at openalex too, after arxiv)",
        ),
        (
            event(EventKind.PROFILE_RENAMED, field="name", before="A. Example", after="Ada Example"),
            "profile.renamed   Ada Example: name A. Example → Ada Example",
        ),
    ],
    ids=lambda value: value.kind if isinstance(value, EventView) else "",
)
def test_event_line(shown: EventView, line: str) -> None:
    assert event_line(shown) == f"2026-11-22 09:00 UTC  {line}"


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("h_index", 117, "  h-index             117"),
        ("citations", 17576, "  citations        17,576"),
        ("novelty", 0.55, "  novelty            55 %"),
        ("ai_score", None, "  AI score              –"),
    ],
)
def test_a_metric_on_its_line(name: str, value: float | None, line: str) -> None:
    assert metric_lines({name: value}) == [line]


def test_metrics_stand_in_columns() -> None:
    assert metric_lines({"citations": 1079, "h_index_since_2020": 17}) == [
        "  citations               1,079",
        "  h-index since 2020         17",
    ]


def status(
    outcomes: Mapping[Outcome | None, int],
    *,
    run: RunView | None = None,
    held: int = 0,
    dead: int = 0,
    undelivered: int = 0,
    off: tuple[ReceiverState, ...] = (),
) -> StatusView:
    profiles = sum(outcomes.values())
    return StatusView(
        people=profiles,
        profiles=profiles,
        papers=profiles * 50,
        snapshots=profiles,
        events=profiles,
        outcomes=outcomes,
        held=held,
        undelivered=undelivered,
        dead=dead,
        off=off,
        last_track=run,
        last_deliver=None,
        size_bytes=1_250_000,
    )


def run(at: datetime = NOW, *, is_finished: bool = True) -> RunView:
    return RunView(
        run_id="1",
        kind="track",
        now=at,
        started_at=at,
        finished_at=at if is_finished else None,
        manifest={"state": "ok"} if is_finished else None,
    )


def test_status_of_one_person(capsys: pytest.CaptureFixture[str]) -> None:
    say_status(status({Outcome.NOT_MODIFIED: 1}, run=run(), undelivered=2))
    assert capsys.readouterr().out.splitlines() == [
        "Following 1 person on 1 profile.",
        "Last check of each profile: 1 not modified.",
        "Recorded: 50 papers and 1 event, in 1.2 MB.",
        "Last run: 2026-11-22 09:00 UTC, ok.",
        "Waiting to be delivered: 2 events.",
    ]


def test_status_of_nobody_says_what_is_next(capsys: pytest.CaptureFixture[str]) -> None:
    say_status(status({}))
    assert capsys.readouterr().out.splitlines()[0] == (
        "Nobody is followed. Next: scholarwatch follow URL, then scholarwatch run"
    )
