"""One paper, many sources: the first to show it tells, whatever the order; the others enrich."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from flows.revert import revert
from flows.verify import verify_all, verify_event
from scrapers.parse import parse_page
from tests.flows.several_sources import NAME, OLD, Sources, sources
from tests.imitations.scholars import work
from tracking.check import Parsed
from tracking.late import LateSighting
from tracking.proof import Standing
from tracking.works import Lag, lags, works

RIVERS = work(
    "Rivers below a glacier",
    year=2026,
    published=date(2026, 11, 20),
    arxiv_id="2611.00001",
    authors=("Ada Example", "Ben Sample"),
    key="2",
)
ALL = ("openalex", "arxiv", "dblp")
#: As a conference prints it two months later, with a DOI and no word of arXiv.
PRINTED = replace(RIVERS, arxiv_id=None, doi="10.1109/rivers", published=date(2027, 1, 5), year=2027, key="3")


@pytest.fixture
def ada(tmp_path: Path, database: str) -> Iterator[Sources]:
    with sources(tmp_path, database) as followed:
        yield followed


@pytest.mark.parametrize("order", [ALL, ("arxiv", "dblp", "openalex"), ("dblp", "openalex", "arxiv")], ids="-".join)
def test_exactly_one_of_the_sources_tells(ada: Sources, order: tuple[str, ...]) -> None:
    ada.follow(*ALL)
    assert ada.hears() == []
    heard = []
    for source in order:
        ada.add(source, RIVERS)
        heard.append(ada.hears())
    assert heard == [["paper.new: Rivers below a glacier"], [], []]
    said = [(event.kind, event.source, event.before) for event in ada.recorded()]
    first, second, third = order
    assert said == [
        ("paper.new", first, None), ("paper.enriched", second, first), ("paper.enriched", third, first),
    ]  # fmt: skip


def test_of_sources_that_show_it_on_one_day_one_tells(ada: Sources) -> None:
    ada.follow(*ALL)
    ada.check()
    for source in ALL:
        ada.add(source, RIVERS)
    assert ada.hears() == ["paper.new: Rivers below a glacier"]
    assert sorted(event.kind for event in ada.recorded()) == ["paper.enriched", "paper.enriched", "paper.new"]
    assert ada.hears() == []


def test_a_source_that_is_added_later_begins_with_a_baseline(ada: Sources) -> None:
    ada.follow("openalex")
    ada.check()
    ada.add("arxiv", RIVERS)
    ada.follow("openalex", "arxiv")
    assert ada.hears() == []
    ada.add("openalex", RIVERS)
    assert ada.hears() == []


def test_a_rule_may_ask_for_the_second_source(ada: Sources) -> None:
    ada.follow("openalex", "arxiv", rules=[{"name": "all", "on": ["paper.new", "paper.enriched"], "notify": ["me"]}])
    ada.check()
    ada.add("arxiv", RIVERS)
    assert ada.hears() == ["paper.new: Rivers below a glacier"]
    ada.add("openalex", RIVERS)
    assert ada.hears() == ["paper.enriched: Rivers below a glacier"]


def test_preprint_and_published_version_are_linked_and_told_once(ada: Sources) -> None:
    ada.follow("openalex", "arxiv")
    ada.check()
    ada.add("arxiv", RIVERS)
    assert ada.hears() == ["paper.new: Rivers below a glacier"]
    ada.add("openalex", PRINTED)
    assert ada.hears() == []
    with ada.store() as store:
        [link] = store.links(NAME)
        assert {link.key, link.other_key} == {"arxiv:2611.00001", "doi:10.1109/rivers"}
        assert link.evidence.startswith("both are called “Rivers below a glacier”, the first author of both is Ada")
        shown = {work.best.listed.paper.title: work.sources for work in works(store.person(NAME))}
    assert shown == {OLD.title: ("openalex", "arxiv"), RIVERS.title: ("arxiv", "openalex")}


def test_dblp_lists_preprint_and_conference_as_two_and_they_are_one_work(ada: Sources) -> None:
    ada.follow("dblp", "openalex")
    ada.check()
    ada.add("dblp", PRINTED, RIVERS)
    ada.hears()
    ada.add("openalex", replace(RIVERS, doi="10.1109/rivers"))
    assert ada.hears() == []
    with ada.store() as store:
        [shown] = [work for work in works(store.person(NAME)) if work.best.listed.paper.title == RIVERS.title]
    assert [(one.source, one.listed.key) for one in shown.shown] == [
        ("dblp", "doi:10.1109/rivers"), ("dblp", "arxiv:2611.00001"), ("openalex", "arxiv:2611.00001"),
    ]  # fmt: skip


def test_the_lag_between_sources(ada: Sources) -> None:
    ada.follow("openalex", "arxiv")
    ada.check()
    ada.add("arxiv", RIVERS)
    ada.check()
    ada.check()
    ada.add("openalex", RIVERS)
    ada.check()
    with ada.store() as store:
        assert lags(store.showings(), ()) == (Lag(first="arxiv", later="openalex", papers=1, median_days=2.0),)


def test_each_metric_stays_with_its_source(ada: Sources) -> None:
    ada.follow("openalex", "arxiv")
    ada.show("openalex", OLD, citations=100, h_index=5)
    ada.check()
    ada.show("openalex", OLD, citations=130, h_index=5)
    ada.check()
    with ada.store() as store:
        series = store.series(NAME, "citations")
    assert [(one.source, [spell.value for spell in one.spells]) for one in series] == [("openalex", [100, 130])]


def test_a_second_showing_can_be_proven(ada: Sources) -> None:
    ada.follow("openalex", "arxiv", rules=[{"name": "all", "on": ["paper.new", "paper.enriched"], "notify": ["me"]}])
    ada.check()
    ada.add("arxiv", RIVERS)
    ada.hears()
    ada.add("openalex", RIVERS)
    ada.hears()
    [_, second] = ada.recorded()
    with ada.store() as store:
        _, steps = verify_event(store, second.id)
        assert [step for step in steps if step.standing is not Standing.HOLDS] == []
        assert verify_all(store, processes=1).faults == []


@pytest.mark.parametrize("taken_back", ["first", "second"])
def test_what_still_holds_of_a_run_that_is_taken_back_is_not_told_again(ada: Sources, taken_back: str) -> None:
    ada.follow("openalex", "arxiv")
    ada.check()
    ada.add("arxiv", RIVERS)
    ada.hears()
    ada.add("openalex", PRINTED)
    ada.hears()
    with ada.store() as store:
        of_track = [run.run_id for run in store.runs() if run.kind == "track"]
        revert(store, ada.settings, of_track[0 if taken_back == "second" else 1], ada.now)
        assert verify_all(store, processes=1).faults == []
        assert len(store.links()) == (0 if taken_back == "second" else 1)
    assert ada.hears() == []
    with ada.store() as store:
        assert verify_all(store, processes=1).faults == []


def test_a_second_showing_that_counts_again_says_what_it_said(ada: Sources) -> None:
    """A capture that was filled in showed the paper before; then the filling in is taken back."""
    ada.follow("openalex", "arxiv")
    ada.check()
    ada.add("arxiv", RIVERS)
    ada.check()
    ada.add("openalex", RIVERS)
    ada.check()
    ada.check()
    recorded = ada.recorded()
    with ada.store() as store:
        (profile,) = [one for one in store.to_fill() if one.source == "openalex"]
        page = store.last_page(profile.profile_id)
        assert page is not None
        between = ada.now - timedelta(days=1, hours=12)
        parsed = parse_page("openalex", page, between.date())
        assert isinstance(parsed, Parsed)
        run_id = store.begin_run("backfill", ada.now)
        late = LateSighting(observed_at=between, finding=parsed, origin="pages", place="saved.json")
        store.insert(profile.profile_id, [late], run_id=run_id, recorded_at=ada.now)
        store.end_run(run_id, {})
        assert [(event.kind, event.cause) for event in ada.recorded()] == [
            ("paper.new", "source"), ("paper.new", "backfill"),
        ]  # fmt: skip
        assert verify_all(store, processes=1).faults == []
        revert(store, ada.settings, run_id, ada.now)
        assert ada.recorded() == recorded
        assert verify_all(store, processes=1).faults == []
