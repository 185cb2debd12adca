"""What only a person at a terminal sees: the question of ``init``, and how far a run has come."""

import os
import pty
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.cli.days import MONDAY, begin
from tests.cli.program import Program
from tests.scenarios.command import BIN
from world.site import Site


@contextmanager
def terminal() -> Iterator[tuple[int, int]]:
    """The side of the person, and that of the program."""
    person, program = pty.openpty()
    try:
        yield person, program
    finally:
        os.close(person)
        os.close(program)


@pytest.mark.parametrize(
    ("typed", "user_agent"),
    [("me@example.org\n", 'fetch:\n  user_agent: "Scholarwatch (mailto:me@example.org)"'), ("\n", "#fetch:")],
    ids=["an address", "Enter"],
)
def test_init_asks_for_an_address(typed: str, user_agent: str, program: Program) -> None:
    with terminal() as (person, keyboard):
        os.write(person, typed.encode())
        done = subprocess.run(
            [str(BIN / "scholarwatch"), "init"],
            cwd=program.folder,
            stdin=keyboard,
            capture_output=True,
            text=True,
            timeout=300,
        )
    assert done.returncode == 0
    assert "A mail address or URL by which a site can reach you (Enter: later):" in done.stdout + done.stderr
    assert ("Sites must be able to reach you" in done.stdout) == (typed == "\n")
    assert f"\n{user_agent}" in (program.folder / "scholarwatch.yaml").read_text("utf-8")


def test_init_asks_nothing_of_who_wants_json(program: Program) -> None:
    with terminal() as (_, keyboard):
        done = subprocess.run(
            [str(BIN / "scholarwatch"), "init", "--json"],
            cwd=program.folder,
            stdin=keyboard,
            capture_output=True,
            text=True,
            timeout=300,
        )
    assert done.stdout == '{"config": "scholarwatch.yaml", "contact": null}\n'


def test_a_run_shows_how_far_it_has_come(site: Site, program: Program) -> None:
    begin(site, program)
    with terminal() as (person, screen):
        subprocess.run(
            [str(BIN / "scholarwatch"), "run", "--now", MONDAY.replace("23T", "24T"), "--json"],
            cwd=program.folder,
            stdout=subprocess.DEVNULL,
            stderr=screen,
            env=os.environ | {"TERM": "xterm", "COLUMNS": "100"},
            check=True,
            timeout=300,
        )
        shown = os.read(person, 65536).decode()
    assert "Checking profiles" in shown
    assert "1/1" in shown
