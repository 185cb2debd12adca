"""A run that is taken back never was, and running again is having run once: as the verbs tell it, on both databases."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.days import MONDAY, TUESDAY, a_day_goes_by
from tests.cli.followed import alerts, configure
from tests.cli.program import Ended, Program
from world.site import Site


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest) -> Callable[[Path], str]:
    """A database of its own for a folder."""
    if request.param == "sqlite":
        return lambda folder: str(folder / "scholarwatch.db")
    new_postgres: Callable[[], str] = request.getfixturevalue("migrated_postgres_database")
    return lambda _: new_postgres()


class Lab:
    """A folder of its own with a configuration, the database and what was told."""

    def __init__(self, program: Program, site: Site, name: str, new_database: Callable[[Path], str]) -> None:
        self.folder = program.folder / name
        self.folder.mkdir()
        self._program = program
        self._words = ("--config", str(self.folder / "scholarwatch.yaml"))
        configure(self.folder, site, new_database(self.folder))

    def __call__(self, *words: str, codes: tuple[int, ...] = (0,)) -> Ended:
        ended = self._program(*words, *self._words)
        assert ended.code in codes, ended
        return ended

    def recorded(self) -> dict[str, Any]:
        """What the reading verbs print, without the corrections themselves."""
        events = self("events", "--json").json_lines()
        return {
            "people": self("people", "--json").json_lines(),
            "show": self("show", "1001", "--json").json_lines(),
            "events": [event for event in events if event["kind"] != "profile.corrected"],
        }

    def heard(self) -> list[list[str]]:
        return [[f"{item['kind']}: {item['title']}" for item in message["items"]] for message in alerts(self.folder)]


@pytest.fixture
def labs(program: Program, site: Site, new_database: Callable[[Path], str]) -> list[Lab]:
    return [Lab(program, site, name, new_database) for name in ("never", "once", "again")]


def nothing_new(_: Site) -> None:
    """The page stays as it is: the server says so."""


def a_login(site: Site) -> None:
    site.login("1001")


@pytest.mark.parametrize("what", [a_day_goes_by, nothing_new, a_login], ids=["news", "no news", "login"])
def test_taken_back_and_run_again_is_having_run_once(labs: list[Lab], site: Site, what: Callable[[Site], None]) -> None:
    never, once, again = labs
    for lab in labs:
        lab("run", "--now", MONDAY)
    what(site)
    for lab in (once, again):
        lab("run", "--now", TUESDAY, codes=(0, 1))
    again("run", "revert", "latest", "--yes", "--now", TUESDAY)
    assert again.recorded() == never.recorded()
    again("run", "--now", TUESDAY, codes=(0, 1))
    assert again.recorded() == once.recorded()
    if what is a_day_goes_by:
        told, news = once.heard(), [["paper.new: A New Thing"]]
        assert again.heard() == [*told, ["profile.corrected: A New Thing"], *news]
        assert told[1:] == news
    else:
        assert again.heard() == once.heard()
    assert len({message["id"] for message in alerts(again.folder)}) == len(again.heard())


def test_a_host_that_wants_rest_has_it_although_the_run_is_taken_back(labs: list[Lab], site: Site) -> None:
    lab = labs[0]
    site.blocked()
    lab("run", "--now", MONDAY, codes=(1,))
    lab("run", "revert", "latest", "--yes", "--now", MONDAY)
    site.up()
    asked = len(site.requests)
    assert "1 cooling down" in lab("run", "--now", MONDAY).out
    assert len(site.requests) == asked
    assert "1 ok" in lab("run", "--now", TUESDAY).out


def test_the_first_run_taken_back(labs: list[Lab]) -> None:
    _, once, again = labs
    for lab in (once, again):
        lab("run", "--now", MONDAY)
    again("run", "revert", "latest", "--yes", "--now", MONDAY)
    assert again("events", "--json", "--kind", "profile.baseline").out == ""
    [state] = again("show", "1001", "--json").json()["profiles"]
    assert (state["checked_at"], state["outcome"], state["papers"]) == (None, None, [])
    again("run", "--now", MONDAY)
    assert again.recorded() == once.recorded()
