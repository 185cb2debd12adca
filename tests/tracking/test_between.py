"""Two times of one person, side by side."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from tracking.between import MetricBetween, between
from tracking.check import KnownMetric
from tracking.reading import PaperReading, Published
from tracking.view import ListedPaper, PersonState, PersonView, ProfileState, ProfileView

AT = datetime(2026, 3, 1, tzinfo=UTC)
ENGINES = PaperReading(title="On Engines", authors=("Mary Shaw",), published=Published(2026, 2, 1))


def state(*papers: tuple[str, PaperReading], gone: str = "", **fields: Any) -> PersonState:
    """A person with one profile that shows these papers, by key; the paper ``gone`` stood there before."""
    view = ProfileView(
        profile_id=1, source="scholarfeed", key="7", url="", active=True, checked_at=AT, outcome=None, detail="",
        observed_at=AT, confirmed_at=AT,
    )  # fmt: skip
    listed = tuple(
        ListedPaper(key=key, paper=paper, first_seen=AT, listed=key != gone, removed=False) for key, paper in papers
    )
    profile = ProfileState(profile=view, **({"name": "Ada", "papers": listed} | fields))
    person = PersonView(person_id=1, name="Ada", tags=(), active=True, profiles=(view,))
    return PersonState(person=person, profiles=(profile,))


def metrics(**values: int | float | None) -> dict[str, KnownMetric]:
    return {name: KnownMetric(value, AT) for name, value in values.items()}


def test_nothing_differs() -> None:
    one = state(("a", ENGINES), metrics=metrics(citations=10))
    [found] = between(one, state(("a", replace(ENGINES, year_inferred=True)), metrics=metrics(citations=10)))
    assert found.is_same
    assert (found.same, found.changed, found.metrics[0].step) == (1, (), 0)


def test_papers_come_go_and_change() -> None:
    notes = replace(ENGINES, title="On Notes")
    before = state(("a", ENGINES), ("b", notes), ("c", notes))
    after = state(
        ("a", replace(ENGINES, score=98.1, has_code=True)), ("b", notes), ("c", notes), ("d", notes), gone="c"
    )
    [found] = between(before, after)
    assert (dict(found.came), dict(found.went), found.same) == ({"d": notes}, {"c": notes}, 1)
    [change] = found.changed
    assert (change.key, change.fields["score"]) == ("a", (None, 98.1))
    assert not found.is_same


def test_a_metric_that_was_not_shown_has_no_step() -> None:
    before, after = metrics(citations=10, h_index=3), metrics(citations=12, novelty=0.5)
    [found] = between(state(metrics=before), state(metrics=after))
    assert found.metrics == (
        MetricBetween(name="citations", before=10, after=12),
        MetricBetween(name="h_index", before=3, after=None),
        MetricBetween(name="novelty", before=None, after=0.5),
    )
    assert [metric.step for metric in found.metrics] == [2, None, None]


def test_a_name_that_was_not_known_is_no_other_name() -> None:
    [renamed] = between(state(), state(name="Ada L."))
    assert renamed.renamed == ("Ada", "Ada L.")
    [first] = between(state(name=None), state())
    assert first.renamed is None
    assert first.is_same
