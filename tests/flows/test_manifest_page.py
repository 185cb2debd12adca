"""A manifest as a page for people."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flows.manifest import ClosedReceiver, DeliverManifest, FailedCheck, FailedDelivery, Tally, TrackManifest
from flows.manifest_page import markdown
from tracking.check import Outcome

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)


def tracked(**written: Any) -> TrackManifest:
    tally = Tally(
        outcomes=Counter({Outcome.OK: 1200, Outcome.NOT_MODIFIED: 30, Outcome.BLOCKED: 23}),
        overtaken=2,
        events=Counter({"paper.new": 4}),
        hosts=Counter({"www.scholarfeed.org": 1255}),
        bytes=14_300_000,
        failed=23,
        failures=[
            FailedCheck(
                profile="https://www.scholarfeed.org/author/1",
                person="Ada | Example",
                outcome=Outcome.BLOCKED,
                detail="a `captcha`\n<script>alert(1)</script> " + "x" * 400,
            )
        ],
    )
    return TrackManifest(
        **{"run_id": "7", "now": NOW, "profiles": 1255, "tally": tally, "elapsed_seconds": 12.25} | written
    )


def test_a_run_of_checks() -> None:
    page = markdown(tracked()).splitlines()
    assert page[:12] == [
        "# Track of 2026-11-22 06:30 UTC: degraded",
        "",
        "| | |",
        "| --- | --- |",
        "| run | `7` |",
        "| profiles | 1,255 |",
        "| overtaken | 2 |",
        "| failed | 23 |",
        "| absorbed | 0 |",
        "| bytes | 14,300,000 |",
        "| elapsed seconds | 12.25 |",
        "",
    ]
    assert page[12:20] == [
        "| outcomes | |",
        "| --- | ---: |",
        "| ok | 1,200 |",
        "| not modified | 30 |",
        "| blocked | 23 |",
        "| overtaken | 2 |",
        "| **together** | **1,255** |",
        "",
    ]
    assert "| `www.scholarfeed.org` | 1,255 |" in page
    *_, failure, empty, more = page
    assert failure.startswith(
        "| <https://www.scholarfeed.org/author/1> | `Ada \\| Example` | `blocked` | `a 'captcha' <script>"
    )
    assert failure.endswith("x…` |")
    assert (empty, more) == ("", "… and 22 others.")


def test_a_run_in_which_nothing_was_to_do() -> None:
    page = markdown(tracked(profiles=0, tally=Tally(), broken="the file is not used (x.yaml:1: rulez)"))
    assert "| broken | `the file is not used (x.yaml:1: rulez)` |" in page
    assert "outcomes" not in page
    assert "## Failures" not in page


def test_a_delivery() -> None:
    page = markdown(
        DeliverManifest(
            run_id="8",
            now=NOW,
            messages=2,
            delivered=1,
            waiting=0,
            items=3,
            failures=(FailedDelivery(receiver="me", message="m1", error="no connection", next_try_at=None),),
            closed=(ClosedReceiver(receiver="log", until=NOW, why="its quiet hours"),),
            elapsed_seconds=0.5,
        )
    ).splitlines()
    assert page[-12:] == [
        "",
        "## Failures",
        "",
        "| receiver | message | error | next try at | switched off |",
        "| --- | --- | --- | --- | --- |",
        "| `me` | `m1` | `no connection` | – | no |",
        "",
        "## Closed",
        "",
        "| receiver | until | why |",
        "| --- | --- | --- |",
        "| `log` | `2026-11-22T06:30:00+00:00` | `its quiet hours` |",
    ]


@dataclass(frozen=True)
class Odd:
    """What other flows return beside numbers and rows."""

    is_degraded: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": "backfill",
            "now": NOW.isoformat(),
            "state": "ok",
            "skipped": {"why": "going_on", "detail": "another run is at work"},
            "origins": ["one", "javascript:alert(1)"],
            "shapes": [{"of": {"a": 1}, "all": [1, 2]}],
            "failures": [],
        }


def test_parts_in_words_and_lists_of_words() -> None:
    page = markdown(Odd()).splitlines()
    assert "| why | `going_on` |" in page
    assert "| detail | `another run is at work` |" in page
    assert "- `javascript:alert(1)`" in page
    assert "| `a: 1` | `[1, 2]` |" in page
    assert not any("together" in line for line in page)
