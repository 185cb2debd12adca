"""The scenario contract: each test is one line of it, by its number, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.scenarios.story import Story
from world.papers import Paper, paper, papers
from world.site import Site

LONG_AGO = date(2026, 6, 1)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def story(site: Site, tmp_path: Path, database: str) -> Story:
    return Story(site, tmp_path, database)


@pytest.fixture
def ada(site: Site, story: Story) -> str:
    """A profile of 50 papers that has been seen once."""
    key = site.author("Ada Example", papers(50, before=LONG_AGO), total=80, h_index=29, citations=1204)
    story.follow(key)
    story.hears()
    return key


@pytest.fixture
def bo(site: Site, story: Story) -> str:
    """A short profile, shown whole, that has been seen once."""
    key = site.author("Bo Example", papers(12, before=LONG_AGO, author="Bo Example"), h_index=5, citations=90)
    story.follow(key)
    story.hears()
    return key


def recent(story: Story, title: str = "Counting Bees at Night") -> Paper:
    return paper(title, published=story.yesterday())


def test_01_first_sight_is_one_note(site: Site, story: Story) -> None:
    story.follow(site.author("Ada Example", papers(50, before=LONG_AGO), h_index=29, citations=1204))
    (item,) = story.items()
    assert (item["kind"], item["person"], item["after"]) == ("profile.baseline", "Ada Example", 50)
    assert story.recorded() == ["profile.baseline: 50"]


def test_01_somebody_without_a_name_is_called_as_the_page_does(site: Site, story: Story) -> None:
    key = site.author("Ada Example", papers(5, before=LONG_AGO))
    story.follow(key, named=False)
    assert [item["person"] for item in story.items()] == ["Ada Example"]


def test_02_nothing_new_is_not_told(site: Site, story: Story, ada: str) -> None:
    assert story.hears() == []
    assert story.outcome() == "not_modified"
    site.reorder(ada)
    assert story.hears() == []
    assert story.outcome() == "unchanged"
    site.rebuild("another release")
    assert story.hears() == []
    site.no_validators()
    assert story.hears() == []
    assert story.outcome() == "unchanged"
    site.not_modified(ada)
    assert story.hears() == []
    assert len(story.events()) == 1


def test_03_a_paper_of_yesterday_is_told_once(site: Site, story: Story, ada: str) -> None:
    site.add_paper(ada, recent(story))
    site.remove_paper(ada, site.profile(ada).papers[-1].title)
    assert story.hears() == ["paper.new: Counting Bees at Night"]
    assert story.hears() == []


def test_04_an_old_paper_pushed_on_a_capped_list_is_late(site: Site, story: Story, ada: str) -> None:
    site.add_paper(ada, paper("Old Bees", published=date(2023, 11, 22)), place=20)
    site.remove_paper(ada, site.profile(ada).papers[-1].title)
    assert story.hears() == []
    assert story.recorded()[-1] == "paper.late: Old Bees"


def test_05_killed_between_commit_and_send(site: Site, story: Story, ada: str) -> None:
    site.add_paper(ada, recent(story))
    site.remove_paper(ada, site.profile(ada).papers[-1].title)
    story.check()
    assert len(story.messages()) == 1
    story.deliver()
    story.deliver()
    assert len(story.messages()) == 2
    assert [item["title"] for item in story.messages()[1]["items"]] == ["Counting Bees at Night"]


def test_06_the_same_run_twice(site: Site, story: Story, ada: str) -> None:
    site.add_paper(ada, recent(story))
    site.remove_paper(ada, site.profile(ada).papers[-1].title)
    assert story.hears() == ["paper.new: Counting Bees at Night"]
    assert story.hears(after=timedelta()) == []
    assert story.check(after=timedelta()).profiles == 0


def test_07_an_empty_list_is_implausible(site: Site, story: Story, bo: str) -> None:
    site.empty(bo)
    assert story.hears() == []
    assert story.outcome() == "implausible"
    site.up()
    assert story.hears() == []
    assert len(story.events()) == 1


def test_08_a_captcha_is_blocked(site: Site, story: Story, ada: str) -> None:
    site.blocked(ada)
    assert story.hears() == []
    assert story.outcome() == "blocked"
    site.up()
    assert story.hears() == []
    assert len(story.events()) == 1


def test_10_missing_once(site: Site, story: Story, bo: str) -> None:
    gone = site.profile(bo).papers[3]
    site.remove_paper(bo, gone.title)
    assert story.hears() == []
    site.add_paper(bo, gone)
    assert story.hears() == []


def test_11_missing_twice_is_removed(site: Site, story: Story, bo: str) -> None:
    gone = site.profile(bo).papers[3]
    site.remove_paper(bo, gone.title)
    assert story.hears() == []
    assert story.hears() == []
    assert story.recorded()[-1] == f"paper.removed: {gone.title}"
    assert story.hears() == []
    assert story.recorded()[-1] == f"paper.removed: {gone.title}"


def test_12_a_cut_list_removes_nothing(site: Site, story: Story) -> None:
    key = site.author("Ada Example", papers(60, before=LONG_AGO), total=60)
    story.follow(key)
    story.hears()
    site.show(replace(site.profile(key), papers=site.profile(key).papers[:20]))
    assert [story.hears(), story.hears()] == [[], []]
    assert len(story.events()) == 1


def test_13_small_changes_of_a_paper(site: Site, story: Story, ada: str) -> None:
    first, second, third = (shown.title for shown in site.profile(ada).papers[:3])
    site.retitle(ada, first, first.replace("e", "ee", 1))
    site.amend(ada, second, version=2)
    assert story.hears() == []
    site.amend(ada, third, authors=("Ada Example", "Bo Alt", "Cy New", "Di New"))
    site.show_authors(ada, 2)
    assert story.hears() == []
    site.show_authors(ada, 9)
    assert story.hears() == []
    assert not {event.kind for event in story.events()} & {"paper.new", "paper.late"}


def test_14_part_two_is_new(site: Site, story: Story, ada: str) -> None:
    first, *_, last = site.profile(ada).papers
    site.amend(ada, first.title, title="Sheaves on Graphs, Part I")
    assert story.hears() == []
    site.remove_paper(ada, last.title)
    site.add_paper(ada, paper("Sheaves on Graphs, Part II", published=story.yesterday(), abstract=first.abstract))
    assert story.hears() == ["paper.new: Sheaves on Graphs, Part II"]


def test_15_enrichment_is_told_to_who_asks(site: Site, story: Story, ada: str) -> None:
    first, second, *_ = site.profile(ada).papers
    site.amend(ada, first.title, score=98.1)
    site.amend(ada, second.title, has_code=not second.has_code)
    assert story.hears() == []
    story.follow(ada, rules=[{"name": "enriched", "on": ["paper.enriched"], "notify": ["me"], "every": "instant"}])
    site.amend(ada, first.title, score=99.0, institutions=("mila", "eth"))
    assert story.hears() == [f"paper.enriched: {first.title}"] * 2


def test_24_a_page_read_by_another_parser_is_read_again_before_it_is_compared(
    site: Site, story: Story, ada: str
) -> None:
    store_says_parser(story.settings.database, "scholarfeed/0")
    site.set_metric(ada, "citations", 1304)
    assert story.hears() == ["metric.changed: citations"]
    store_says_parser(story.settings.database, "scholarfeed/0")
    assert story.hears() == []
    # Had in full, though the site would have said that nothing has changed.
    assert story.outcome() == "ok"
    site.rebuild("another release")
    assert story.hears() == []
    assert story.outcome() == "unchanged"
    assert story.hears() == []
    assert story.outcome() == "not_modified"


def store_says_parser(database: str, parser: str) -> None:
    """As if the last page had been read by another version of the parser."""
    address = database if "://" in database else f"sqlite:///{database}"
    engine = create_engine(address)
    with engine.begin() as connection:
        connection.execute(text("UPDATE profile SET parser = :parser"), {"parser": parser})
    engine.dispose()


def test_29_one_paper_of_three_people_under_two_rules_is_one_item(site: Site, story: Story) -> None:
    names = ("Ada Example", "Bo Example", "Cy Example")
    keys = [site.author(name, papers(9, before=LONG_AGO, author=name, seed=n)) for n, name in enumerate(names)]
    rule = {"on": ["paper.new"], "notify": ["me"], "every": "instant"}
    story.follow(*keys, rules=[rule | {"name": "all"}, rule | {"name": "bees", "where": {"title": "bees"}}])
    story.hears()
    shared = paper("Counting Bees at Night", published=story.yesterday(), authors=names)
    for key in keys:
        site.add_paper(key, shared)
    (item,) = story.items()
    assert item["people"] == list(names)
    assert item["rules"] == ["all", "bees"]
    assert item["labels"] == [*names, "all", "bees"]
    assert story.hears() == []


def test_29_the_paper_that_shows_up_later_on_a_coauthor_is_not_told_again(site: Site, story: Story) -> None:
    names = ("Ada Example", "Bo Example")
    keys = [site.author(name, papers(11, before=LONG_AGO, author=name, seed=n)) for n, name in enumerate(names)]
    story.follow(*keys)
    story.hears()
    shared = paper("Counting Bees at Night", published=story.yesterday(), authors=names)
    site.add_paper(keys[0], shared)
    assert story.hears() == ["paper.new: Counting Bees at Night"]
    site.add_paper(keys[1], shared)
    assert story.hears() == []
    assert story.recorded().count("paper.new: Counting Bees at Night") == 2


def test_30_unfollowed_and_followed_again(site: Site, story: Story, ada: str) -> None:
    other = site.author("Bo Example", papers(9, before=LONG_AGO, author="Bo Example"))
    story.follow(other)
    story.hears()
    story.follow(other, ada)
    assert story.hears(after=timedelta(days=31)) == []


def test_33_links_that_come_later(site: Site, story: Story) -> None:
    listed = papers(12, before=LONG_AGO)
    key = site.author("Ada Example", [replace(shown, linked=False) for shown in listed])
    story.follow(key)
    story.hears()
    site.page(key, papers=listed)
    assert story.hears() == []
    assert not {event.kind for event in story.events()} & {"paper.new", "paper.late", "paper.removed"}


def test_35_a_december_day_seen_in_january(site: Site, story: Story, ada: str) -> None:
    story.now = story.now.replace(year=2027, month=1, day=1)
    site.on(date(2026, 12, 31))
    site.add_paper(ada, paper("Counting Bees at Night", published=date(2026, 12, 30)))
    site.remove_paper(ada, site.profile(ada).papers[-1].title)
    (item,) = story.items()
    assert (item["title"], item["published"]) == ("Counting Bees at Night", "2026-12-30")


def test_38_a_metric_hidden_for_a_week(site: Site, story: Story, ada: str) -> None:
    site.hide_metric(ada, "citations")
    assert [story.hears() for _ in range(7)] == [[]] * 7
    site.set_metric(ada, "citations", 1204)
    assert story.hears() == []
    site.set_metric(ada, "citations", None)
    assert story.hears() == []
    site.set_metric(ada, "citations", 1304)
    assert story.hears() == ["metric.changed: citations"]
