import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from http.client import HTTPException

import pytest

from tests.world.reader import Answer, get
from world.papers import Paper
from world.profile import Metrics
from world.rates import NO_TROUBLE, Rates, TroubleRates
from world.simulation import World
from world.stock import StockPlan
from world.truth import Arrival

TROUBLED = TroubleRates(
    error=0.03, blocked=0.03, login=0.03, empty=0.03, cut=0.03, breaks_off=0.03, reset=0.03, outage=0.05
)
START = date(2026, 11, 22)


def _visit(url: str) -> Answer | None:
    """What a reader without any memory gets; None where the network failed."""
    try:
        return get(url)
    except (HTTPException, OSError):
        return None


def _shows_whole_list(answer: Answer | None) -> bool:
    """Judged by the page alone: it ends, it shows papers, and as many as its heading says."""
    if answer is None or answer.status != 200 or not answer.body.endswith(b"</html>\n"):
        return False
    heading = re.search(r">([\d,]+) Papers<", answer.text)
    return heading is not None and int(heading[1]) == len(_ids(answer)) > 0


def _ids(answer: Answer) -> list[str]:
    return re.findall(r'href="/paper/(\d{4}\.\d{5})', answer.text)


@contextmanager
def _read_daily(world: World, days: int) -> Iterator[list[tuple[date, str, Answer | None]]]:
    """Read every page of the world once a day, and tell what came."""
    came = []
    with world:
        for number in range(days):
            if number:
                world.advance()
            came += [(world.day, key, _visit(url)) for key, url in world.urls.items()]
        yield came


def _world(seed: int = 7, **changes: object) -> World:
    options = {"researchers": 12, "start": START, "troubles": TROUBLED} | changes
    return World(seed, **options)  # type: ignore[arg-type]


def test_the_truth_is_what_a_careful_reader_sees() -> None:
    world = _world()
    with _read_daily(world, days=40) as came:
        first_seen: dict[tuple[str, str], tuple[date, date | None]] = {}
        last_good: dict[str, date] = {}
        for day, key, answer in came:
            if answer is not None and _shows_whole_list(answer):
                for arxiv_id in _ids(answer):
                    first_seen.setdefault((key, arxiv_id), (day, last_good.get(key)))
                last_good[key] = day
    expected = Counter[Arrival]()
    for (key, arxiv_id), (day, before) in first_seen.items():
        if before is None:
            arrival = Arrival.BASELINE
        else:
            published = world.stock.papers[arxiv_id].published
            recent = (day - published).days <= 30 or published >= before
            arrival = Arrival.NEW if recent else Arrival.LATE
        expected[arrival] += 1
        assert (day, key, arxiv_id) in {(f.day, f.key, f.arxiv_id) for f in world.truth.papers(arrival)}
    assert {arrival: len(world.truth.papers(arrival)) for arrival in Arrival} == expected
    assert expected[Arrival.NEW] > 30
    assert expected[Arrival.LATE] > 10


def test_a_304_counts_as_the_page_that_it_stands_for() -> None:
    with _world(troubles=NO_TROUBLE) as world:
        key, url = next(iter(world.urls.items()))
        page = get(url)
        again = get(url, {"If-None-Match": page.headers["etag"]})
        assert again.status == 304
        assert get(url, method="HEAD").status == 200
        assert len(world.truth.metrics_shown(key)) == 1
        assert world.now.isoformat() == "2026-11-22T09:00:00+00:00"


def test_not_more_than_everything_can_go_wrong() -> None:
    with pytest.raises(ValueError, match="more than everything"):
        TroubleRates(error=0.9, cut=0.2)


def test_metric_changes_are_those_of_good_pages() -> None:
    world = _world(rates=Rates(hidden=0.1))
    last: dict[tuple[str, str], int | float] = {}
    expected = []
    with world:
        for _ in range(20):
            for key, url in world.urls.items():
                if _shows_whole_list(_visit(url)):
                    shown: Metrics = world.site.profile(key).metrics
                    for metric, value in shown.items():
                        if value is not None:
                            if last.get((key, metric), value) != value:
                                expected.append((world.day, key, metric, last[key, metric], value))
                            last[key, metric] = value
            world.advance()
    assert world.truth.metric_changes() == sorted(expected)
    assert {"citations", "papers"} <= {change.metric for change in world.truth.metric_changes()}


def test_one_seed_is_one_world() -> None:
    one, same, other = (_days(_world(seed), 15) for seed in (7, 7, 8))
    assert one == same
    assert one != other


def _days(world: World, days: int) -> list[object]:
    with _read_daily(world, days) as came:
        return [
            (day, key, answer and (answer.status, answer.body, answer.headers.get("etag"))) for day, key, answer in came
        ]


def test_a_careful_reader_misses_nothing_that_was_published() -> None:
    """A new paper stays on the page until a good page has shown it, however long trouble lasts."""
    world = _world(plan=StockPlan(papers_each=(60, 70)))
    before = set(world.stock.papers)
    with _read_daily(world, days=40):
        pass
    settled = world.day - timedelta(days=10)
    written = [p for arxiv_id, p in world.stock.papers.items() if arxiv_id not in before]
    names = {person.name: key for key, person in world.people.items()}
    missed = [
        (paper.title, author)
        for paper in written
        for author in paper.authors
        if author in names and paper.published < settled
        if not world.truth.has_shown(names[author], paper.arxiv_id)
    ]
    assert len(written) > 20
    assert missed == []


def test_lists_are_capped_and_papers_fall_off_and_come_back() -> None:
    world = _world(plan=StockPlan(papers_each=(52, 60)), troubles=NO_TROUBLE, rates=Rates(mislaid=0, withdrawn=0))
    key = next(iter(world.people))
    pages = [_listed(world, key)]
    for _ in range(60):
        world.advance()
        pages.append(_listed(world, key))
    assert {len(page) for page in pages} == {50}
    assert len(set.union(*pages)) > 52
    assert any(
        arxiv_id in earlier and arxiv_id not in page and any(arxiv_id in later for later in pages[number:])
        for number, page in enumerate(pages)
        for earlier in pages[:number]
        for arxiv_id in earlier - page
    )


def _listed(world: World, key: str) -> set[str]:
    return {paper.arxiv_id for paper in world.site.profile(key).papers}


def test_pages_change_no_faster_than_a_reader_can_believe() -> None:
    """Of 15 papers or more, no day takes away a tenth; no five days bring more than a handful of papers."""
    world = _world(researchers=20, rates=Rates(most_new_papers_a_day=12))
    pages = {key: [_listed(world, key)] for key in world.people}
    for _ in range(60):
        world.advance()
        for key, history in pages.items():
            history.append(_listed(world, key))
    for history in pages.values():
        for number, page in enumerate(history[5:]):
            earlier = history[number]
            assert len(page - earlier) <= 5
            assert len(earlier - page) <= max(0.2 * len(earlier), 0)


def test_papers_ripen() -> None:
    world = _world(troubles=NO_TROUBLE)
    before = set(world.stock.papers)
    young: dict[str, Paper] = {}
    for _ in range(40):
        world.advance()
        for arxiv_id in set(world.stock.papers) - before:
            young.setdefault(arxiv_id, world.stock.papers[arxiv_id])
    ripe = {arxiv_id: world.stock.papers[arxiv_id] for arxiv_id in young}
    assert all(paper.score is None for paper in young.values())
    for field in ("score", "title", "institutions", "has_code", "version"):
        assert any(getattr(ripe[i], field) != getattr(young[i], field) for i in young), field


def test_some_papers_are_on_two_pages_and_some_have_no_link() -> None:
    world = _world(plan=StockPlan(unlinked=0.3))
    shown = [paper for key in world.people for paper in world.site.profile(key).papers]
    assert max(Counter(paper.arxiv_id for paper in shown).values()) >= 2
    assert 0.2 < sum(not paper.linked for paper in shown) / len(shown) < 0.4


def test_no_profile_is_spoiled_for_long() -> None:
    world = _world(troubles=TroubleRates(error=0.5, outage=0.3, hiccup=0, longest_days=2))
    with _read_daily(world, days=30) as came:
        for key in world.people:
            bad = "".join("." if _shows_whole_list(answer) else "x" for _, k, answer in came if k == key)
            assert "x" in bad
            assert "xxx" not in bad


def test_empty_lists_come_only_after_a_first_good_page() -> None:
    world = _world(troubles=TroubleRates(empty=0.9, longest_days=99))
    with _read_daily(world, days=4) as came:
        statuses = [(day, _shows_whole_list(answer)) for day, _, answer in came]
    assert all(good for day, good in statuses if day == START)
    assert not all(good for day, good in statuses)


@pytest.mark.parametrize("keeps_unserved", [True, False], ids=["keeps", "lets go"])
def test_only_a_careless_world_lets_papers_go_unseen(keeps_unserved: bool) -> None:
    quiet = Rates(most_new_papers_a_day=0, old_paper=0, pushed_on=0, withdrawn=0)
    world = _world(rates=quiet, plan=StockPlan(papers_each=(12, 15)), cap=8, keeps_unserved=keeps_unserved)
    key = next(iter(world.people))
    written = set()
    for number in range(24):
        world.advance()
        if number % 3 == 0:
            written.add(world.publish(key).arxiv_id)
    world.advance()
    assert (written <= _listed(world, key)) is keeps_unserved
