"""Scenarios 9, 22 and 31: hosts that want to be left alone, are down, or shut everybody out."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from time import sleep

import pytest

from flows.batches import Batch
from flows.manifest import Tally
from flows.track import track
from storage.store import Store
from tests.forked import kill_group, started_program
from tests.scenarios.command import follow_urls, json_lines, scholarwatch
from tests.scenarios.story import Story
from tracking.check import Outcome
from world.papers import paper, papers
from world.site import Site

LONG_AGO = date(2026, 6, 1)
NOW = "2026-11-22T09:00:00Z"
DAY = timedelta(days=1)
#: A robots.txt is believed for a day, from when it was had.
NEXT_DAY = timedelta(days=1, minutes=1)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def story(site: Site, tmp_path: Path, database: str) -> Story:
    return Story(site, tmp_path, database)


def follow(site: Site, story: Story, people: int) -> None:
    """Somebody follows so many people, and has seen each once."""
    names = [f"Person {number:02}" for number in range(people)]
    keys = [site.author(name, papers(2, before=LONG_AGO, author=name, seed=n)) for n, name in enumerate(names)]
    story.follow(*keys)
    assert len(story.hears()) == people


def requests(site: Site, since: int) -> list[str]:
    return [request.path for request in site.requests[since:]]


# ---- 9: Retry-After


def test_09_no_request_before_the_hour_is_over(site: Site, story: Story) -> None:
    follow(site, story, 4)
    story.fetch = {"connections_per_host": 1}
    story.follow("1001", "1002", "1003", "1004")
    site.down(status=429, retry_after_seconds=3600)
    # While robots.txt of the day before still holds: the page is what is asked for first.
    manifest = story.check(after=timedelta(hours=20))
    assert manifest.tally.outcomes == {Outcome.THROTTLED: 1, Outcome.COOLING_DOWN: 3}
    site.up()
    asked = len(site.requests)
    for minutes in (10, 30, 19):
        manifest = story.check(after=timedelta(minutes=minutes))
        assert set(manifest.tally.outcomes) == {Outcome.COOLING_DOWN}
        assert not manifest.is_degraded
    assert requests(site, asked) == []
    assert story.check(after=timedelta(minutes=2)).tally.outcomes == {Outcome.NOT_MODIFIED: 4}
    assert [event.kind for event in story.events()] == ["profile.baseline"] * 4


def test_a_captcha_ends_the_run_for_its_host(site: Site, story: Story) -> None:
    follow(site, story, 20)
    keys = [str(1001 + number) for number in range(20)]
    # What a page is, is known a little after it came: ten seconds before it would be the turn of the last.
    story.fetch = {"min_interval_seconds": 0.5}
    story.follow(*keys)
    site.blocked("1002")
    site.add_paper("1020", paper("Counting Bees at Night", published=story.yesterday()))
    assert story.hears() == []
    site.up()
    # One after another, so that they come in the order in which they are sent.
    story.fetch = {"connections_per_host": 1}
    story.follow(*keys)
    with Store.open_existing(story.settings.database) as store:
        profiles = [profile for person in store.people() for profile in person.profiles]
    waiting = {profile.key for profile in profiles if profile.outcome is Outcome.COOLING_DOWN}
    assert "1020" in waiting
    asked = len(site.requests)
    assert story.hears(after=timedelta(hours=1)) == ["paper.new: Counting Bees at Night"]
    pages = [path.rpartition("/")[2] for path in requests(site, asked) if path != "/robots.txt"]
    assert set(pages[: len(waiting)]) == waiting
    assert len(pages) == 20


def test_a_budget_is_spent_on_those_who_have_waited_longest(site: Site, story: Story) -> None:
    keys = [site.author(f"Person {n}", papers(1, before=LONG_AGO, seed=n)) for n in range(6)]
    story.fetch = {"daily_budget": 4}
    story.follow(*keys)
    for_pages = []
    for _ in range(3):
        asked = len(site.requests)
        manifest = story.check(after=NEXT_DAY)
        assert manifest.tally.outcomes[Outcome.COOLING_DOWN] == 3
        assert len(requests(site, asked)) == 4
        for_pages.append({path.rpartition("/")[2] for path in requests(site, asked)} - {"robots.txt"})
    assert for_pages == [{"1001", "1002", "1003"}, {"1004", "1005", "1006"}, {"1001", "1002", "1003"}]


# ---- 22: a host that is down


@pytest.mark.parametrize(
    ("breaks", "people"), [(Site.down, 80), (Site.reset, 20)], ids=["status 500", "torn connections"]
)
def test_22_three_days_without_an_answer(site: Site, story: Story, breaks: Callable[[Site], None], people: int) -> None:
    follow(site, story, people)
    breaks(site)
    (down,) = story.items()
    host = site.root.removeprefix("http://")
    assert (down["kind"], down["person"]) == ("host.down", "Person 00")
    since = "2026-11-24 09:00 UTC"
    assert down["after"].startswith(f"{host} has not answered since {since}, and {people} of {people} profiles there ")
    assert [story.hears(), story.hears()] == [[], []]
    site.up()
    (back,) = story.items()
    assert (back["kind"], back["after"]) == (
        "host.back",
        f"{host} answers again; it was told to be down on 2026-11-24 09:00 UTC",
    )
    assert story.hears() == []
    assert {event.kind for event in story.events()} == {"profile.baseline", "host.down", "host.back"}


def test_22_few_profiles_are_told_of_when_it_lasts(site: Site, story: Story) -> None:
    follow(site, story, 1)
    site.down()
    assert story.hears() == []
    site.up()
    assert story.hears() == []
    site.down()
    assert [story.hears() for _ in range(3)] == [[], ["host.down: Person 00"], []]
    site.up()
    assert story.hears() == ["host.back: Person 00"]


def test_22_a_host_that_answers_somebody_is_not_down(site: Site, story: Story) -> None:
    follow(site, story, 12)
    for key in ("1003", "1006", "1009"):
        site.down(key)
    assert [story.hears() for _ in range(3)] == [[]] * 3


def test_22_a_run_that_was_killed_before_it_could_tell_is_made_good_by_the_next(site: Site, story: Story) -> None:
    follow(site, story, 9)
    site.down()
    story.now += DAY

    async def killed(batch: Batch) -> Tally:
        await batch.run()
        raise KeyboardInterrupt

    with Store.open(story.settings.database) as store, pytest.raises(KeyboardInterrupt):
        asyncio.run(track(store, story.settings, story.now, check_batch=killed))
    assert story.hears(after=timedelta()) == ["host.down: Person 00"]
    assert story.hears(after=timedelta()) == []


# ---- this machine's own network


@pytest.fixture
def two_hosts(site: Site, story: Story) -> Iterator[Site]:
    """The story follows three profiles at its own site and three at this one."""
    with Site() as other:
        urls = []
        for n in range(6):
            host = (site, other)[n // 3]
            key = host.author(f"Person {n}", papers(1, before=LONG_AGO, seed=n), key=str(1001 + n))
            urls.append(host.url(key))
        story.follow_urls(*urls)
        assert len(story.hears()) == 6
        yield other


def test_a_machine_that_is_cut_off_blames_no_host(site: Site, story: Story, two_hosts: Site) -> None:
    site.reset()
    two_hosts.reset()
    assert [story.hears(), story.hears()] == [[], []]
    two_hosts.up()
    assert story.hears() == ["host.down: Person 0"]
    site.up()
    assert story.hears() == ["host.back: Person 0"]
    assert story.hears() == []


def test_two_hosts_that_answer_with_errors_are_both_down(site: Site, story: Story, two_hosts: Site) -> None:
    site.down()
    two_hosts.reset()
    assert sorted(story.hears()) == ["host.down: Person 0", "host.down: Person 3"]


# ---- 31: robots.txt


def test_31_robots_turns_to_disallow(site: Site, story: Story) -> None:
    follow(site, story, 3)
    site.robots("User-agent: *\nDisallow: /author/\n")
    asked = len(site.requests)
    (shut,) = story.items(after=NEXT_DAY)
    assert (shut["kind"], shut["field"], shut["person"]) == ("host.down", "robots", "Person 00")
    host = site.root.removeprefix("http://")
    assert shut["after"] == f"robots.txt of {host} does not let any of 3 profiles there be asked for"
    assert story.outcome() == "robots"
    assert story.hears(after=NEXT_DAY) == []
    assert requests(site, asked) == ["/robots.txt"] * 2
    site.robots("User-agent: *\nDisallow: /admin/\n")
    assert story.hears(after=NEXT_DAY) == ["host.back: robots"]
    assert story.hears(after=NEXT_DAY) == []


def test_31_a_page_that_alone_is_disallowed_is_not_told_of(site: Site, story: Story) -> None:
    follow(site, story, 3)
    site.robots("User-agent: Scholarwatch\nDisallow: /author/1001\n")
    assert story.hears(after=NEXT_DAY) == []
    assert story.outcome() == "robots"
    with Store.open_existing(story.settings.database) as store:
        (host,) = store.ledger(story.now.date())
    assert (host.disallowed, host.requests, host.not_modified) == (1, 3, 2)


# ---- killed between a turn and its answer


def test_runs_that_are_killed_while_a_host_thinks_never_cross_its_budget(site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "watching"
    people = {f"Person {n}": site.url(site.author(f"Person {n}", papers(1, before=LONG_AGO, seed=n))) for n in range(2)}
    follow_urls(folder, people, fetch={"daily_budget": 2, "min_interval_seconds": 0.01})
    site.hang()
    killed = [kill_at_next_request(folder, site) for _ in range(3)]
    assert killed == [True, True, False]
    assert len(site.requests) == 2
    [host] = json_lines("status", "--now", NOW, cwd=folder, codes=(1,))[0]["hosts"]
    assert (host["budget_left"], host["requests"]) == (0, 0)
    site.up()
    scholarwatch("run", "--now", "2026-11-23T09:00:00Z", cwd=folder)
    assert len(site.requests) == 4


def kill_at_next_request(folder: Path, site: Site) -> bool:
    """A run that is killed, with all it has started, once it has asked for something; False if it ended before."""
    asked = len(site.requests)
    with started_program("run", "--now", NOW, cwd=folder) as process:
        while process.is_alive() and len(site.requests) == asked:
            sleep(0.002)
        return kill_group(process)
