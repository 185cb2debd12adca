"""Reports of parts add up to the report of the whole, and show examples that differ from each other."""

import json
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.tracking.builders import NOON, page, paper, reading
from tracking.check import Failure, Outcome
from tracking.replay_report import EXAMPLES_MAX, FAILURES_MAX, ReplayReport
from tracking.reread import FactDiffers
from tracking.stored import StoredSnapshot


def snapshot(profile_id: int, number: int = 0) -> StoredSnapshot:
    return StoredSnapshot(
        snapshot_id=number,
        profile_id=profile_id,
        person=f"Person {profile_id}",
        source="scholarfeed",
        profile_key=str(profile_id),
        observed_at=NOON + timedelta(days=number),
        parser="scholarfeed/1",
        reading=reading([paper("Waves")]),
        keys=("fp:1",),
        page=page(),
    )


def citations(before: int | None, after: int | None) -> FactDiffers:
    return FactDiffers(field="metrics.citations", before=before, after=after)


def score(after: float) -> FactDiffers:
    return FactDiffers(field="papers.score", before=None, after=after, paper="Waves")


#: A page is the profile that it is of, and what came of it.
_PAGES = st.lists(st.tuples(st.integers(1, 8), st.sampled_from(["same", "differs", "fails", "gone"])), max_size=40)


def report_of(pages: list[tuple[int, str]], first: int = 0) -> ReplayReport:
    report = ReplayReport()
    for number, (profile_id, what) in enumerate(pages, first):
        of = snapshot(profile_id, number)
        match what:
            case "same":
                report.count_reading(of, (), "scholarfeed/1")
            case "differs":
                report.count_reading(of, (citations(number, number + 1), score(number)), "scholarfeed/1")
            case "fails":
                report.count_failure(of, Failure(outcome=Outcome.PARSE_FAILED, detail=f"page {number}"))
            case "gone":
                report.count_retired()
    return report


@given(_PAGES, st.integers(0, 40))
def test_parts_add_up(pages: list[tuple[int, str]], cut: int) -> None:
    added = report_of(pages[:cut])
    added.add(report_of(pages[cut:], first=len(pages[:cut])))
    whole = report_of(pages)
    counts, examples = added.to_json(), whole.to_json()
    for field in (*counts["fields"], *examples["fields"]):
        field.pop("examples")
    assert counts == examples
    assert whole.pages == len(pages)


@given(_PAGES)
def test_examples_are_of_as_many_profiles_as_can_be_shown(pages: list[tuple[int, str]]) -> None:
    for field in report_of(pages).fields.values():
        assert len(field.examples) == min(field.changes.total(), EXAMPLES_MAX)
        assert len({example.profile_id for example in field.examples}) == min(len(field.profile_ids), EXAMPLES_MAX)


def test_a_report_as_json() -> None:
    report = ReplayReport()
    report.count_reading(snapshot(1), (), "scholarfeed/2")
    report.count_reading(snapshot(1, 1), (citations(7, None), score(1.5)), "scholarfeed/2")
    report.count_reading(snapshot(2), (citations(8, 9),), "scholarfeed/1")
    report.count_failure(snapshot(3), Failure(outcome=Outcome.LOGIN, detail="a form"))
    report.count_retired()
    for readable in (True, True, False):
        report.unread.count(readable=readable)
    report.unread.recorded.update({Outcome.OK: 1, Outcome.QUARANTINED: 1})
    assert report.facts == 3
    assert json.loads(json.dumps(report.to_json())) == {
        "pages": 5,
        "same": 1,
        "different": 2,
        "failed": 1,
        "retired": 1,
        "same_version": 1,
        "outcomes": {"login": 1},
        "facts": {"metrics.citations": 2, "papers.score": 1},
        "fields": [
            {
                "field": "metrics.citations",
                "appears": 0,
                "vanishes": 1,
                "changes": 1,
                "profiles": 2,
                "examples": [
                    {
                        "person": "Person 1",
                        "profile": "scholarfeed/1",
                        "observed_at": "2026-11-23T12:00:00+00:00",
                        "paper": None,
                        "before": 7,
                        "after": None,
                    },
                    {
                        "person": "Person 2",
                        "profile": "scholarfeed/2",
                        "observed_at": "2026-11-22T12:00:00+00:00",
                        "paper": None,
                        "before": 8,
                        "after": 9,
                    },
                ],
            },
            {
                "field": "papers.score",
                "appears": 1,
                "vanishes": 0,
                "changes": 0,
                "profiles": 1,
                "examples": [
                    {
                        "person": "Person 1",
                        "profile": "scholarfeed/1",
                        "observed_at": "2026-11-23T12:00:00+00:00",
                        "paper": "Waves",
                        "before": None,
                        "after": 1.5,
                    }
                ],
            },
        ],
        "failures": [
            {
                "person": "Person 3",
                "profile": "scholarfeed/3",
                "observed_at": "2026-11-22T12:00:00+00:00",
                "outcome": "login",
                "detail": "a form",
            }
        ],
        "unread": {"readable": 2, "unreadable": 1, "recorded": {"ok": 1, "quarantined": 1}},
    }


def test_failures_are_counted_beyond_those_that_are_listed() -> None:
    report = report_of([(1, "fails")] * (FAILURES_MAX + 5))
    assert (report.failed, len(report.failures)) == (FAILURES_MAX + 5, FAILURES_MAX)
    assert [failure.detail for failure in report.failures] == [f"page {number}" for number in range(FAILURES_MAX)]
