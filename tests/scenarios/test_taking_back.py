"""A run is taken back after its messages went out."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.scenarios.command import alerts, follow_urls, json_lines, scholarwatch
from world.papers import paper
from world.site import Site

DAYS = [f"2026-11-{day}T09:00:00+00:00" for day in (23, 24, 25)]


@pytest.fixture
def site() -> Iterator[Site]:
    """Two people on a Monday; on Tuesday one has published, with the other, and both are cited more."""
    with Site() as site:
        site.on(date(2026, 11, 23))
        for key, name in (("1", "Ada Example"), ("2", "Ben Example")):
            old = paper(f"An Older Thing by {name}", published=date(2024, 3, 5))
            site.author(name, [old], key=key, h_index=2, citations=1200)
        yield site


def a_day_goes_by(site: Site) -> None:
    site.on(date(2026, 11, 24))
    new = paper("A New Thing", published=date(2026, 11, 23))
    for key in ("1", "2"):
        site.add_paper(key, new)
        site.set_metric(key, "citations", 1311)


def heard(folder: Path) -> list[list[str]]:
    """Kind and title of every item, by message."""
    return [[f"{item['kind']}: {item['title']}" for item in message["items"]] for message in alerts(folder)]


def test_34_a_run_taken_back_after_its_messages_went_out(site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "lab"
    follow_urls(folder, {"Ada Example": site.url("1"), "Ben Example": site.url("2")})
    scholarwatch("run", "--now", DAYS[0], cwd=folder)
    a_day_goes_by(site)
    scholarwatch("run", "--now", DAYS[1], cwd=folder)
    before = len(alerts(folder))
    assert heard(folder)[-1] == ["paper.new: A New Thing"]
    done = scholarwatch("run", "revert", "latest", "--yes", "--now", DAYS[2], cwd=folder)
    assert "me hears that 1 thing told before does not hold." in done.stdout
    [message] = alerts(folder)[before:]
    [item] = message["items"]
    assert (item["kind"], item["told"], item["person"]) == (
        "profile.corrected",
        "paper.new",
        "Ada Example and Ben Example",
    )
    assert item["told_at"] == DAYS[1]
    scholarwatch("run", "--now", DAYS[2], cwd=folder)
    assert heard(folder)[before:] == [["profile.corrected: A New Thing"], ["paper.new: A New Thing"]]
    assert len({message["id"] for message in alerts(folder)}) == len(alerts(folder))
    assert [(run["kind"], run["state"]) for run in json_lines("run", "list", cwd=folder)] == [
        ("deliver", "ok"),
        ("track", "ok"),
        ("deliver", "ok"),
        ("revert", "ok"),
        ("deliver", "ok"),
        ("track", "reverted"),
        ("deliver", "ok"),
        ("track", "ok"),
    ]
