"""Feeds, read by a feed reader's library and held to the standards."""

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import etree, html

from alerts.delivery import DeliveryError
from alerts.feeds.feed import ENTRIES_MAX
from alerts.message import Message
from alerts.receivers import ReceiverError, parse_receivers
from alerts.receivers.feed import FeedChannel
from tests.alerts.examples import NOW, message, metric_item, paper_item
from tests.alerts.feeds import read_feed
from tests.alerts.letters import letters
from tests.alerts.test_receivers import STREAM


def channel(folder: Path, contact: str | None = "me@example.org", **keys: Any) -> FeedChannel:
    raw = {"reader": {"feed": "feeds/"} | keys}
    [receiver] = parse_receivers(raw, folder=folder, stream=STREAM, contact=contact)
    assert isinstance(receiver.channel, FeedChannel)
    return receiver.channel


def news(*numbers: int, **facts: Any) -> Message:
    """A message about new papers, made so many hours after another."""
    items = [
        paper_item(title=f"Paper {number}", events=[f"{number:016x}"], rules=["new papers"]) | facts
        for number in numbers
    ]
    return replace(message(*items), id=f"m{numbers[0]}", created_at=NOW + timedelta(hours=numbers[0]))


def files(folder: Path) -> list[str]:
    feeds = folder / "feeds"
    return sorted(str(path.relative_to(feeds)) for path in feeds.rglob("*") if path.is_file() and path.name != ".lock")


def titles(folder: Path, name: str = "all") -> list[str]:
    return [entry.title for entry in read_feed(folder / "feeds" / name).entries]


def test_an_entry_for_each_item_the_newest_first(tmp_path: Path) -> None:
    feeds = channel(tmp_path)
    feeds.send(news(1))
    feeds.send(news(2, 3, url="https://feed.example/paper/2"))
    assert titles(tmp_path) == [f"New paper by Ada Moreno: Paper {number}" for number in (2, 3, 1)]
    parsed = read_feed(tmp_path / "feeds/all")
    assert parsed.feed.title == "Scholarwatch"
    assert parsed.feed.id == "tag:me@example.org,2026:scholarwatch/all"
    newest = parsed.entries[0]
    assert newest.id == "tag:me@example.org,2026:scholarwatch/0000000000000002"
    assert newest.link == "https://feed.example/paper/2"
    assert newest.published == "2026-05-13T11:30:00+00:00"
    assert "First seen on 2026-05-13 09:30 UTC" in newest.content[0].value


def test_a_second_copy_changes_nothing(tmp_path: Path) -> None:
    feeds = channel(tmp_path)
    feeds.send(news(1))
    feeds.send(news(2))
    before = {name: (tmp_path / "feeds" / name).stat().st_mtime_ns for name in files(tmp_path)}
    feeds.send(news(1))
    feeds.send(news(2))
    assert {name: (tmp_path / "feeds" / name).stat().st_mtime_ns for name in files(tmp_path)} == before


def test_messages_of_one_time_keep_their_places(tmp_path: Path) -> None:
    feeds = channel(tmp_path)
    digest = replace(news(3, 4), created_at=news(1).created_at, digest=True)
    for sent in (news(1, 2), digest, news(1, 2)):
        feeds.send(sent)
    assert [title[-1] for title in titles(tmp_path)] == ["3", "4", "1", "2"]


def test_what_is_told_anew_takes_the_place_of_what_was_told(tmp_path: Path) -> None:
    feeds = channel(tmp_path)
    feeds.send(news(1))
    feeds.send(news(2))
    again = replace(news(1), created_at=NOW + timedelta(hours=9))
    feeds.send(again)
    assert titles(tmp_path) == ["New paper by Ada Moreno: Paper 1", "New paper by Ada Moreno: Paper 2"]
    feeds.send(news(1))
    assert titles(tmp_path)[0] == "New paper by Ada Moreno: Paper 1"


def test_a_feed_for_each_person_tag_and_rule(tmp_path: Path) -> None:
    about = {
        "people": ["Ada Moreno", "Bo Lindqvist"],
        "person_keys": {"scholarfeed/7": "Ada Moreno", "openalex/A2": "Bo Lindqvist"},
        "tags": ["rl", "Zürich"],
        "rules": ["new papers", "RL"],
    }
    channel(tmp_path).send(news(1, **about))
    assert [name.partition("-")[0] for name in files(tmp_path) if name.endswith(".atom")] == [
        "all.atom", "people/ada", "people/bo", "rules/new", "rules/rl", "tags/rl", "tags/zurich",
    ]  # fmt: skip
    for name in files(tmp_path):
        assert titles(tmp_path, name) == ["New paper by Ada Moreno and Bo Lindqvist: Paper 1"]
    assert len({name for name in files(tmp_path) if name.endswith(".json")}) == 7


def test_two_people_of_one_name_have_two_feeds(tmp_path: Path) -> None:
    feeds = channel(tmp_path)
    feeds.send(news(1, person_keys={"scholarfeed/1": "Wei Zhang"}))
    feeds.send(news(2, person_keys={"scholarfeed/2": "Wei Zhang"}))
    people = [name for name in files(tmp_path) if name.startswith("people/") and name.endswith(".atom")]
    assert len(people) == 2
    assert sorted(titles(tmp_path, name) for name in people) == [
        ["New paper by Ada Moreno: Paper 1"],
        ["New paper by Ada Moreno: Paper 2"],
    ]


def test_a_feed_stays_where_it_is_when_a_person_is_called_otherwise(tmp_path: Path) -> None:
    feeds = channel(tmp_path)
    feeds.send(news(1, person_keys={"scholarfeed/1": "Ada Moreno"}))
    feeds.send(news(2, person_keys={"scholarfeed/1": "Ada Moreno-Lindqvist"}))
    [name] = [name for name in files(tmp_path) if name.startswith("people/") and name.endswith(".atom")]
    assert name.startswith("people/ada-moreno-")
    assert len(titles(tmp_path, name)) == 2


@pytest.mark.parametrize("name", ["../../etc/passwd", "李明", "a/b", "CON", ".", "x" * 500, "😀", "A\nB"])
def test_every_name_has_a_safe_file(tmp_path: Path, name: str) -> None:
    channel(tmp_path).send(news(1, person_keys={"k/1": name}, tags=[name, name.lower() + "!"], rules=[name]))
    written = files(tmp_path)
    assert all(len(Path(each).parts) <= 2 and len(each) < 80 and each.isascii() for each in written)
    assert len(written) == 2 * (1 + 1 + 2 + 1)
    for each in written:
        read_feed(tmp_path / "feeds" / each)


def test_what_is_about_the_program_is_in_nobodys_feed(tmp_path: Path) -> None:
    off = paper_item(kind="receiver.off", after="“log” takes no messages", events=["e1"], rules=["operations"])
    channel(tmp_path).send(message(off | {"person_keys": {"k/1": "Ada"}, "tags": ["rl"]}))
    assert {name.partition("/")[0] for name in files(tmp_path)} == {"all.atom", "all.json", "rules"}


def test_the_last_200_are_kept(tmp_path: Path) -> None:
    feeds = channel(tmp_path)
    feeds.send(news(*range(1000, 1000 + ENTRIES_MAX)))
    feeds.send(news(2000))
    feeds.send(news(1))
    kept = titles(tmp_path)
    assert len(kept) == ENTRIES_MAX == 200
    assert kept[0].endswith("Paper 2000")
    assert not any(title.endswith("Paper 1") for title in kept)


def test_ids_never_change_whoever_the_contact_is_and_whatever_the_year(tmp_path: Path) -> None:
    channel(tmp_path).send(news(1))
    later = replace(news(2, person_keys={"k/1": "Ada"}), created_at=NOW + timedelta(days=800))
    channel(tmp_path, "https://lab.example.org/about", feed_authority="other.example").send(later)
    assert [entry.id for entry in read_feed(tmp_path / "feeds/all").entries] == [
        "tag:me@example.org,2026:scholarwatch/0000000000000002",
        "tag:me@example.org,2026:scholarwatch/0000000000000001",
    ]
    [person] = [name for name in files(tmp_path) if name.startswith("people/") and name.endswith(".atom")]
    assert read_feed(tmp_path / "feeds" / person).feed.id.startswith("tag:me@example.org,2026:scholarwatch/people/ada-")


@pytest.mark.parametrize(
    ("contact", "keys", "authority"),
    [
        ("Me@Example.org", {}, "me@example.org"),
        ("me+papers@example.org", {}, "example.org"),
        ("https://lab.example.org:8443/about", {}, "lab.example.org"),
        (None, {"feed_authority": "Lab.Example.org"}, "lab.example.org"),
        ("me@example.org", {"feed_authority": "ada@lab.example.org"}, "ada@lab.example.org"),
    ],
)
def test_in_whose_name_ids_are_given(tmp_path: Path, contact: str | None, keys: dict[str, Any], authority: str) -> None:
    assert channel(tmp_path, contact, **keys).authority == authority


def test_where_a_feed_is_shown_stands_in_it(tmp_path: Path) -> None:
    channel(tmp_path, feed_url="https://lab.example.org/feeds").send(news(1, tags=["rl"]))
    assert read_feed(tmp_path / "feeds/all").feed.links[0].href == "https://lab.example.org/feeds/all.atom"
    values = json.loads((tmp_path / "feeds/all.json").read_text())
    assert values["feed_url"] == "https://lab.example.org/feeds/all.json"


def test_every_kind_of_news_makes_an_entry(tmp_path: Path) -> None:
    feeds = channel(tmp_path)
    for letter in letters().values():
        feeds.send(letter)
    for name in files(tmp_path):
        read_feed(tmp_path / "feeds" / name)


def test_scenario_32_a_hostile_title_is_inert_in_feeds(tmp_path: Path) -> None:
    hostile = '</content><script>alert(1)</script>\x1b[31m\u202e\x00\ufffe<a href="javascript:x">"\' &amp; ]]>'
    item = paper_item(
        title=hostile,
        person=hostile,
        people=[hostile],
        authors=[hostile],
        why=hostile,
        url="javascript:alert(1)",
        events=["e1"],
        tags=[hostile],
        person_keys={"k/1": hostile},
        rules=[hostile],
    )
    channel(tmp_path).send(message(item, metric_item("citations", 1, 2, events=["e2"], person=hostile)))
    for name in files(tmp_path):
        read_feed(tmp_path / "feeds" / name)
    items = json.loads((tmp_path / "feeds/all.json").read_text())["items"]
    entries = etree.parse(tmp_path / "feeds/all.atom").iter("{*}entry")
    for shown, entry in zip(items, entries, strict=True):
        assert shown["title"].isprintable()
        assert "url" not in shown
        assert entry.find("{*}link") is None
        # Atom and JSON Feed take a title for plain text.
        assert entry.find("{*}title").attrib == {}
        for fragment in (shown["content_html"], entry.findtext("{*}content")):
            elements = list(html.fragment_fromstring(fragment, create_parent=True).iter())[1:]
            assert {element.tag for element in elements} <= {"p", "strong"}
            assert {name for element in elements for name in element.attrib} == set()


def test_a_folder_that_cannot_be_written_and_can_be_later(tmp_path: Path) -> None:
    feeds = channel(tmp_path)
    # Also root cannot write into what is no folder.
    (tmp_path / "feeds").write_text("")
    with pytest.raises(DeliveryError, match=r"^cannot write .*feeds: File exists$") as caught:
        feeds.send(news(1))
    assert not caught.value.permanent
    (tmp_path / "feeds").unlink()
    feeds.send(news(1))
    assert titles(tmp_path) == ["New paper by Ada Moreno: Paper 1"]


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"_scholarwatch": {"tag": "t", "id": "i"}, "title": "x", "items": [{}]}']
)
def test_a_file_that_was_not_written_here_is_left_as_it_is(tmp_path: Path, content: str) -> None:
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds/all.json").write_text(content)
    with pytest.raises(DeliveryError, match=r"feeds/all\.json is no feed"):
        channel(tmp_path).send(news(1))
    assert (tmp_path / "feeds/all.json").read_text() == content


def test_several_that_write_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    feeds = channel(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: feeds.send(news(number)), range(1, 25)))
    assert len(titles(tmp_path)) == 24


def test_a_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    """Another process reads all the time while it is written."""
    channel(tmp_path).send(news(1))
    code = (
        "import json, sys, time; path, end = sys.argv[1], time.time() + 600\n"
        "while json.loads(open(path, 'rb').read())['items'][0]['title'].split()[-1] != '30': assert time.time() < end"
    )
    reader = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "feeds/all.json")])
    for number in range(2, 31):
        channel(tmp_path).send(news(number))
        time.sleep(0.001)
    assert reader.wait(600) == 0


def test_files_are_readable_by_a_web_server(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        channel(tmp_path).send(news(1))
    finally:
        os.umask(before)
    assert (tmp_path / "feeds/all.atom").stat().st_mode & 0o777 == 0o644
    assert not list((tmp_path / "feeds").glob("*.new"))


@pytest.mark.parametrize(
    ("contact", "keys", "complaint"),
    [
        (None, {}, "receivers.reader.feed: needs an owner for the ids of its entries"),
        ("http://[::1]/", {}, "receivers.reader.feed: needs an owner"),
        ("me@example.org", {"feed": "~/feeds"}, "receivers.reader.feed: “~” is not expanded"),
        ("me@example.org", {"feed_url": "lab.example.org"}, "receivers.reader.feed_url: must be the address"),
        ("me@example.org", {"feed_authority": "https://x.org"}, "receivers.reader.feed_authority: must be a mail"),
        ("me@example.org", {"feed_authority": "no one"}, "receivers.reader.feed_authority: must be a mail"),
    ],
)
def test_refusals(tmp_path: Path, contact: str | None, keys: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ReceiverError) as caught:
        channel(tmp_path, contact, **keys)
    assert str(caught.value).startswith(complaint)
