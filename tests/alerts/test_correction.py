"""What was told and does not hold: an event each, one item for what had been one, and how it reads."""

from dataclasses import replace
from datetime import timedelta
from textwrap import dedent
from typing import Any

import pytest

from alerts.correction import corrections
from alerts.wording import wording_of
from tests.alerts.examples import NOW, YESTERDAY, message, metric_item, paper_item, profile_item
from tracking.alert import Told, VerdictKind
from tracking.event import Cause, EventKind

LATER = NOW + timedelta(days=2)


def told(item: dict[str, Any], **changes: Any) -> Told:
    values: dict[str, Any] = {
        "event_id": "e1",
        "receiver": "me",
        "profile_id": 1,
        "source": "scholarfeed",
        "profile_key": "7",
        "delivered_at": NOW,
        "item": item,
    }
    return Told(**(values | changes))


def item_of(*said: Told) -> dict[str, Any]:
    """The one item that the receiver hears."""
    [item] = [verdict.item for verdict in corrections(said, "12", LATER)[1] if verdict.item is not None]
    return dict(item)


NEW_PAPER = paper_item(paper_key="arxiv:2605.01234", url="https://feed.example/paper/1")


def test_the_event_says_the_change_backwards() -> None:
    [event], [verdict] = corrections([told(metric_item("citations", 100, 900))], "12", LATER)
    assert (event.kind, event.cause, event.observed_at) == (EventKind.PROFILE_CORRECTED, Cause.SOURCE, LATER)
    assert (event.profile_id, event.field, event.before, event.after) == (1, "citations", 900, 100)
    assert (event.paper_key, event.paper_title) == (None, None)
    assert (verdict.event_id, verdict.receiver, verdict.kind) == (event.id, "me", VerdictKind.SENT)
    assert (verdict.not_before, verdict.rules) == (LATER, ())
    assert verdict.why == "run 12, which had found it, was taken back"


def test_the_event_is_about_the_paper() -> None:
    [event], _ = corrections([told(NEW_PAPER)], "12", LATER)
    assert (event.paper_key, event.paper_title) == ("arxiv:2605.01234", "Patient Verifiers for Impatient Agents")


def test_the_item_repeats_what_was_said() -> None:
    assert item_of(told(NEW_PAPER)) == NEW_PAPER | {
        "kind": "profile.corrected",
        "people": ["Ada Moreno"],
        "told": "paper.new",
        "told_at": NOW.isoformat(),
        "observed_at": LATER.isoformat(),
        "why": "run 12, which had found it, was taken back",
    }


def test_a_paper_of_three_people_is_one_item() -> None:
    """Scenario 29 taken back: it had been told as one, and the first time that it was told counts."""
    said = [
        told(NEW_PAPER | {"person": person}, event_id=f"e{number}", profile_id=number, profile_key=str(number))
        for number, person in enumerate(("Cy", "Ada", "bo"))
    ]
    said[2] = replace(said[2], delivered_at=YESTERDAY)
    events, verdicts = corrections(said, "12", LATER)
    assert [event.profile_id for event in events] == [0, 1, 2]
    assert [verdict.kind for verdict in verdicts] == [
        VerdictKind.SENT,
        VerdictKind.ALREADY_TOLD,
        VerdictKind.ALREADY_TOLD,
    ]
    item = item_of(*said)
    assert (item["person"], item["told_at"]) == ("Ada, bo and Cy", YESTERDAY.isoformat())
    assert item["people"] == ["Ada", "bo", "Cy"]


def test_every_receiver_hears_of_it() -> None:
    events, verdicts = corrections([told(NEW_PAPER), told(NEW_PAPER, receiver="log")], "12", LATER)
    assert len(events) == 1
    assert [(verdict.receiver, verdict.kind) for verdict in verdicts] == [
        ("me", VerdictKind.SENT),
        ("log", VerdictKind.SENT),
    ]


def test_two_things_are_two_items() -> None:
    said = [told(NEW_PAPER), told(metric_item("citations", 1, 2), event_id="e2")]
    events, verdicts = corrections(said, "12", LATER)
    assert len({event.id for event in events}) == 2
    assert [verdict.kind for verdict in verdicts] == [VerdictKind.SENT] * 2


def test_what_two_runs_found_is_corrected_twice() -> None:
    """Also when everything else is alike: the same event, told again and taken back again at the same time."""
    assert corrections([told(NEW_PAPER)], "12", LATER)[0] != corrections([told(NEW_PAPER)], "14", LATER)[0]


def test_nothing_told_is_nothing_to_correct() -> None:
    assert corrections([], "12", LATER) == ([], [])


def test_how_it_reads() -> None:
    wording = wording_of(message(item_of(told(NEW_PAPER)), rules=()))
    assert wording.subject == (
        "Correction about Ada Moreno: new paper “Patient Verifiers for Impatient Agents” is taken back"
    )
    assert wording.body == dedent(
        """\
        Correction about Ada Moreno
          Not so after all: new paper “Patient Verifiers for Impatient Agents”
          Told on 2026-05-13 09:30 UTC, taken back on 2026-05-15 09:30 UTC
          Why: run 12, which had found it, was taken back
          Paper: https://feed.example/paper/1

        Scholarwatch, message m1 of 2026-05-13 09:30 UTC"""
    )


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (metric_item("citations", 100, 900), "changed metric: Citations 100 → 900 (+800, +800.0 %)"),
        (
            metric_item("citations", 980, 1204, kind="metric.milestone"),
            "milestone: Citations passed 1,000: 980 → 1,204 (+224, +22.9 %)",
        ),
        (metric_item("novelty", 0.55, 0.56), "changed metric: Novelty 55 % → 56 % (+1 point)"),
        (
            paper_item(kind="paper.enriched", paper_key="k", field="score", before=None, after=98.1, title="T"),
            "paper with new facts “T”: Score 98.1 (not shown before)",
        ),
        (profile_item("profile.baseline", after=50), "profile now followed"),
        (profile_item("profile.renamed", "Ada", "Ida"), "new name: Ada → Ida"),
        (profile_item("profile.suspect", after="12 papers at once"), "page to look at"),
    ],
    ids=["metric", "milestone", "percentage", "fact of a paper", "baseline", "name", "question"],
)
def test_what_had_been_said_in_a_line(item: dict[str, Any], said: str) -> None:
    body = wording_of(message(item_of(told(item)))).body
    assert body.splitlines()[1] == f"  Not so after all: {said}"


def test_many_are_counted() -> None:
    items = [item_of(told(NEW_PAPER | {"title": f"Paper {number}"})) for number in range(23)]
    wording = wording_of(message(*items))
    assert wording.subject == "23 corrections of Ada Moreno"
    assert wording.body.split("\n\n")[-2].startswith("and 3 more (3 corrections); ")
