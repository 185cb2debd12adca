"""Every page of a person who was followed for some days: it is there, it says what happened, and nothing in it acts."""

import re
from datetime import timedelta

import pytest

from tests.scenarios.story import Story
from tests.web.visitor import Visitor
from world.site import Site

PAGES = (
    "/", "/?since=month", "/people", "/people?q=zoe&sort=citations", "/people?sort=changed&health=fine", "/groups",
    "/people/1", "/people/1?at=2026-11-23", "/people/1?at=2020-01-01", "/people/1/papers", "/people/1/events",
    "/people/1/compare", "/people/1/sources", "/people/1/pages", "/people/1/pages/1", "/people/2", "/people/2/papers",
    "/people/2/events", "/people/2/compare", "/people/2/sources", "/people/2/pages", "/follow", "/preferences",
    "/quarantine", "/rules", "/rules/explain", "/rules/explain?person=1002", "/rules/silences?person=%3Cb%3E", "/runs",
    "/runs/1", "/runs/2", "/runs/hosts", "/runs/outbox",
)  # fmt: skip


@pytest.mark.usefixtures("lived")
def test_every_page_is_there_and_nothing_in_it_acts(visitor: Visitor) -> None:
    for path in PAGES:
        page = visitor.page(path)
        assert page.h1, path
        assert all(script.get("src", "").startswith("/static/") and not script.string for script in page("script"))
        assert [name for tag in page(True) for name in tag.attrs if name.startswith("on") or name == "style"] == []
        assert not [link for link in page("a") if not re.match(r"(/|\?|#main|https?://)", link.get("href", ""))], path
        assert not page(["style", "b", "img"]), path
        assert "\x1b" not in str(page)
        assert "\u202e" not in str(page)


@pytest.mark.usefixtures("lived")
def test_what_a_site_wrote_can_be_read(visitor: Visitor) -> None:
    assert "Zoë <b onmouseover=alert(2)>Example</b>" in visitor.text("/people/2")
    assert (
        """<script>document.title="run"</script><img src=x onerror=alert(1)> On [31mTori "' {{7*7}}"""
        in visitor.text("/people/2/papers")
    )


@pytest.mark.usefixtures("lived")
def test_the_overview_says_what_is_so_and_what_was_so(visitor: Visitor) -> None:
    now = visitor.text("/people/1")
    assert "citations 1,311 since Nov 24, 2026" in now
    assert "h-index past 30, 29 → 30 (+1)" in now
    assert "citations 1,204 since Nov 23, 2026" in visitor.text("/people/1?at=2026-11-23")
    assert "the first page is of Nov 23, 2026" in visitor.text("/people/1?at=2020-01-01")


@pytest.mark.usefixtures("lived")
def test_papers_are_found_by_words_without_accents_and_show_when_they_were_there(visitor: Visitor) -> None:
    found = visitor.page("/people/1/papers?q=SHEAVES")
    assert [title.get_text() for title in found.select(".title")] == ["Sheaves on a Torus"]
    gone = visitor.page("/people/1/papers?standing=gone")
    [bar] = gone.select(".presence title")
    assert bar.get_text() == "seen Nov 23, 2026, removed Nov 25, 2026"
    assert visitor.text("/people/1/papers?standing=new").count("first seen") == 1
    assert "No paper is like that" in visitor.text("/people/1/papers?q=nothing+of+it")


@pytest.mark.usefixtures("lived")
def test_two_days_side_by_side(visitor: Visitor) -> None:
    said = visitor.text("/people/1/compare?earlier=2026-11-23&later=2026-11-26")
    assert "citations 1,204 1,311 +107" in said
    assert "Came: 1 paper + A New Thing" in said
    assert "Went: 1 paper − An Older Thing" in said
    assert "The same on both days" in visitor.text("/people/1/compare?earlier=2026-11-26&later=2026-11-26")


@pytest.mark.usefixtures("lived")
def test_the_timeline_of_a_kind(visitor: Visitor) -> None:
    papers = visitor.text("/people/1/events?kind=paper")
    assert "A New Thing" in papers
    assert "An Older Thing" in papers
    assert "citations" not in papers
    assert "citations 1,204 → 1,311 (+107)" in visitor.text("/people/1/events?kind=metric")


@pytest.mark.usefixtures("lived")
def test_a_raw_page_does_nothing(visitor: Visitor) -> None:
    shown = visitor.page("/people/2/pages/4")
    [frame] = shown("iframe")
    assert not frame["sandbox"]
    raw = visitor.get(frame["src"])
    policy = raw.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "allow-" not in policy
    assert raw.headers["content-type"].startswith("text/html")
    assert b"Tori" in raw.content
    # What is somebody else's page is not found at this person.
    assert visitor.get("/people/1/pages/4/raw").status_code == 404


def test_many_people_part_by_part(site: Site, story: Story, visitor: Visitor) -> None:
    for number in range(53):
        site.author(f"Person {number:02}", [], key=str(1000 + number), citations=number)
    story.follow(*(str(1000 + number) for number in range(53)))
    story.check()
    for sort, first in (("name", "Person 00"), ("citations", "Person 52"), ("changed", "Person 00")):
        page = visitor.page(f"/people?sort={sort}")
        names = [name.get_text() for name in page.select("tbody th a:not(.tag)")]
        while further := page.select("a[rel=next]"):
            page = visitor.page(str(further[0]["href"]))
            names += [name.get_text() for name in page.select("tbody th a:not(.tag)")]
        assert names[0] == first
        assert len(set(names)) == len(names) == 53


@pytest.mark.usefixtures("lived")
def test_a_group_counts_papers_once_and_adds_up_no_index(story: Story, visitor: Visitor) -> None:
    text = story.config.read_text("utf-8")
    story.config.write_text(text.replace("  profiles:", "  tags: [Röbots & co]\n  profiles:"), "utf-8")
    story.check()
    [link] = visitor.page("/groups").select(".cards a")
    said = visitor.text(str(link["href"]))
    assert "Röbots & co 2 people, 8 papers, each counted once" in said
    assert "33" not in said
    assert visitor.get("/groups/robots").status_code == 404


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/people/99", 404, "nobody is followed as “99”"),
        ("/people/zoe", 400, "person_id"),
        ("/people?sort=fame", 400, "sorted by"),
        ("/people?health=ill", 400, "health is one of"),
        ("/people?after=x", 400, "no such place"),
        ("/people?after=WzEsMV0", 400, "no such place"),
        ("/people?sort=changed&after=WyJ4IiwxXQ", 400, "no such place"),
        ("/people/1/events?after=%F0%9F%92%A9", 400, "no such place"),
        ("/people/1?at=yesterday", 400, "“yesterday” is no date"),
        ("/people/1?at=0001-01-01", 400, "no day of a web page"),
        ("/people/1/papers?sort=smell", 400, "sorted by"),
        ("/people/1/papers?standing=up", 400, "standing is one of"),
        ("/people/1/compare?earlier=2026-11-25&later=2026-11-24", 400, "before the later one"),
        ("/people/1/pages/99999", 404, "no snapshot"),
        ("/events/ffff", 404, "no event"),
        ("/?since=ever", 400, "since is one of"),
        ("/nowhere", 404, "no such page"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_said_on_a_page_of_ours(path: str, status: int, said: str, lived_once: Visitor) -> None:
    answer = lived_once.get(path)
    assert answer.status_code == status
    assert said.casefold() in lived_once.text(path, status).casefold()
    assert "Traceback" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")


def test_pages_that_have_nothing_to_show_say_what_to_do(visitor: Visitor) -> None:
    assert "Nobody is followed yet Paste the address" in visitor.text("/")
    assert "Follow somebody" in visitor.text("/people")
    assert "There are no groups yet" in visitor.text("/groups")


def test_a_page_that_is_the_same_is_not_sent_again(lived_once: Visitor) -> None:
    first = lived_once.get("/people/1/papers")
    again = lived_once.get("/people/1/papers", if_none_match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    assert lived_once.get("/people/1/papers?sort=title", if_none_match=first.headers["etag"]).status_code == 200


@pytest.mark.usefixtures("lived")
def test_numbers_days_and_times_are_the_readers(visitor: Visitor) -> None:
    visitor.cookies.set("scholarwatch_zone", "Pacific/Kiritimati")
    visitor.cookies.set("scholarwatch_locale", "de-CH")
    said = visitor.text("/people/1")
    assert "citations 1'311 since 24.11.2026" in said
    assert "Zoe" not in said
    assert "23:00" in visitor.text("/people/1/pages")


@pytest.mark.usefixtures("lived")
def test_a_configuration_that_broke_is_told_and_what_it_said_before_holds(story: Story, visitor: Visitor) -> None:
    text = story.config.read_text("utf-8")
    story.config.write_text(text + "rules: [{name: x, onn: paper.new}]\n", "utf-8")
    assert "onn" in visitor.text("/people")
    story.config.write_text(text + "# mended\n", "utf-8")
    assert "not sound" not in visitor.text("/people")


@pytest.mark.usefixtures("lived")
def test_a_run_that_is_long_ago_is_said(story: Story, visitor: Visitor) -> None:
    assert "Last run Nov 26, 2026, 9:00 AM: 2 pages, all read." in visitor.text("/")
    story.now += timedelta(days=9)
    assert "No good run for more than" in visitor.text("/")


@pytest.mark.usefixtures("lived")
def test_pages_that_cannot_be_read_are_said(story: Story, visitor: Visitor) -> None:
    story.site.down()
    story.check()
    assert "2 of 2 profiles could not be read at the last check." in visitor.text("/")
