"""``run list`` and ``run revert``: what they print, how they end, and that a run taken back never was."""

import os
import subprocess
from datetime import datetime

import pytest

from storage.store import Store
from tests.cli.days import MONDAY, TUESDAY, a_day_goes_by, monday
from tests.cli.followed import alerts, configure
from tests.cli.kept import Kept
from tests.cli.program import Program
from tests.cli.test_terminal import terminal
from tests.scenarios.command import BIN
from world.site import Site

WEDNESDAY = "2026-11-25T09:00:00+00:00"


@pytest.fixture
def site(lasting_site: Site) -> Site:
    monday(lasting_site)
    return lasting_site


@pytest.fixture
def two_days(program: Program, site: Site, kept: Kept) -> Program:
    """Zoë was followed on Monday, and on Tuesday somebody was told of her new paper."""

    def live() -> None:
        configure(program.folder, site)
        assert program("run", "--now", MONDAY).code == 0
        a_day_goes_by(site)
        assert program("run", "--now", TUESDAY).code == 0

    return kept.begin(program, live)


# ---- run list


def test_runs_are_listed_with_what_they_did(two_days: Program) -> None:
    ended = two_days("run", "list")
    assert ended.code == 0
    lines = [line.split("  ") for line in ended.out.splitlines()]
    table = [[cell.strip() for cell in line if cell.strip()] for line in lines]
    assert table == [
        ["run", "kind", "of", "state", "what it did"],
        ["4", "deliver", "2026-11-24 09:00 UTC", "ok", "1 of 1 message"],
        ["3", "track", "2026-11-24 09:00 UTC", "ok", "1 profile: 1 ok; 2 metric.changed, 1 paper.new"],
        ["2", "deliver", "2026-11-23 09:00 UTC", "ok", "1 of 1 message"],
        ["1", "track", "2026-11-23 09:00 UTC", "ok", "1 profile: 1 ok; 1 profile.baseline"],
    ]


def test_as_many_runs_as_asked_for(two_days: Program) -> None:
    runs = two_days("run", "list", "-n", "1", "--json").json_lines()
    assert [(run["id"], run["kind"], run["state"]) for run in runs] == [("4", "deliver", "ok")]
    assert runs[0]["manifest"]["delivered"] == 1


def test_no_run_yet(program: Program) -> None:
    Store.open(str(program.folder / "scholarwatch.db")).close()
    ended = program("run", "list", "--database", "scholarwatch.db")
    assert (ended.code, ended.out) == (0, "No run yet. Next: scholarwatch run\n")


def test_a_run_that_was_killed_and_one_that_was_taken_back(two_days: Program) -> None:
    begin_and_die(two_days)
    assert two_days("run", "revert", "3", "--yes", "--now", WEDNESDAY).code == 0
    states = {run["id"]: run["state"] for run in two_days("run", "list", "--json").json_lines()}
    assert (states["3"], states["5"], states["6"]) == ("reverted", "unfinished", "ok")
    lines = two_days("run", "list").out.splitlines()
    assert [line.split()[-1] for line in lines if "unfinished" in line] == ["–"]
    assert any("taken back 2026-11-25 09:00 UTC" in line for line in lines)
    assert any("took run 3 back: 1 profile, 1 snapshot, 3 events" in line for line in lines)


def begin_and_die(program: Program) -> None:
    with Store.open(str(program.folder / "scholarwatch.db")) as store:
        store.begin_run("track", datetime.fromisoformat(WEDNESDAY))


# ---- run revert


def test_a_dry_run_says_what_would_be_done_and_does_nothing(two_days: Program) -> None:
    before = everything(two_days)
    ended = two_days("run", "revert", "latest", "--dry-run")
    assert ended.code == 0
    assert ended.out.splitlines() == [
        "Run 3 is a run of track, of 2026-11-24 09:00 UTC. To be taken back: 1 profile, 1 snapshot, "
        "3 events (2 metric.changed, 1 paper.new).",
        "Not told yet, and would be dropped: 1 item.",
        "me would hear that 1 thing told before does not hold.",
    ]
    assert everything(two_days) == before


def test_the_same_as_json(two_days: Program) -> None:
    planned = two_days("run", "revert", "3", "--dry-run", "--json", "--now", WEDNESDAY).json()
    assert planned["deliver"] is None
    expected = {
        "kind": "revert",
        "now": WEDNESDAY,
        "state": "ok",
        "reverted": "3",
        "profiles": 1,
        "snapshots": 1,
        "events": {"metric.changed": 2, "paper.new": 1},
        "waiting": 1,
        "messages": 0,
        "corrections": {"me": 1},
        "absent": [],
        "failures": [],
    }
    assert {name: planned["revert"][name] for name in expected} == expected
    assert (planned["revert"]["run"], planned["revert"]["dry_run"]) == (None, True)
    done = two_days("run", "revert", "3", "--yes", "--json", "--now", WEDNESDAY).json()
    assert {name: done["revert"][name] for name in expected} == expected
    assert (done["revert"]["run"], done["revert"]["dry_run"]) == ("5", False)
    assert (done["deliver"]["delivered"], done["deliver"]["items"]) == (1, 1)


def test_corrections_may_be_left_to_the_next_delivery(two_days: Program) -> None:
    told = len(alerts(two_days.folder))
    ended = two_days("run", "revert", "3", "--yes", "--no-deliver", "--now", WEDNESDAY)
    assert (ended.code, len(alerts(two_days.folder))) == (0, told)
    assert two_days("deliver", "--now", WEDNESDAY).code == 0
    assert [item["kind"] for item in alerts(two_days.folder)[told]["items"]] == ["profile.corrected"]


def test_where_nobody_was_told_nobody_hears(program: Program, site: Site) -> None:
    configure(program.folder, site)
    program("run", "--now", MONDAY)
    a_day_goes_by(site)
    (program.folder / "taken").mkdir()
    configure(program.folder, site, receiver="taken")
    assert program("run", "--now", TUESDAY).code == 1
    ended = program("run", "revert", "latest", "--yes", "--now", WEDNESDAY)
    assert ended.code == 0
    assert ended.out.splitlines()[1:] == ["Not told yet, and dropped: 2 items."]
    configure(program.folder, site)
    assert program("deliver", "--now", WEDNESDAY).out == "Nothing waits to be delivered.\n"
    assert len(alerts(program.folder)) == 1


def test_a_correction_that_cannot_be_delivered_is_said(two_days: Program, site: Site) -> None:
    (two_days.folder / "taken").mkdir()
    configure(two_days.folder, site, receiver="taken")
    ended = two_days("run", "revert", "3", "--yes", "--now", WEDNESDAY)
    assert ended.code == 1
    assert "0 of 1 message delivered." in ended.out
    configure(two_days.folder, site)
    assert two_days("deliver", "--now", "2026-11-26").code == 0
    assert [item["kind"] for item in alerts(two_days.folder)[-1]["items"]] == ["profile.corrected"]


def test_a_receiver_that_is_gone_is_named(two_days: Program) -> None:
    config = two_days.folder / "scholarwatch.yaml"
    config.write_text(config.read_text("utf-8").replace("  me:", "  lab:"), "utf-8")
    ended = two_days("run", "revert", "3", "--yes", "--now", WEDNESDAY)
    assert ended.code == 0
    assert ended.out.splitlines()[-1] == "me was told of it, and is not in the configuration any more."
    assert two_days("status", "--json", "--now", WEDNESDAY).json()["undelivered"] == 0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("99", "--yes"), 2, "there is no run 99; the latest are 4 (deliver, 2026-11-24 09:00 UTC), 3 (track,"),
        (("yesterday", "--yes"), 2, "there is no run yesterday; the latest are 4"),
        (("3",), 2, "nobody can be asked here: --yes takes the run back"),
        (("4", "--yes"), 1, "run 4 is a run of deliver: it recorded nothing that could be taken back"),
    ],
    ids=["unknown", "no number", "no terminal", "delivery"],
)
def test_what_is_refused(two_days: Program, words: tuple[str, ...], code: int, said: str) -> None:
    before = everything(two_days)
    ended = two_days("run", "revert", *words)
    assert ended.code == code
    assert said in " ".join(ended.err.split())
    assert everything(two_days) == before


@pytest.mark.parametrize(
    ("typed", "code", "state", "said"),
    [
        pytest.param("y\n", 0, "reverted", "Run 3 is taken back", id="yes"),
        pytest.param("n\n", 1, "ok", "Nothing was taken back.", id="no", marks=pytest.mark.slow),
        pytest.param("\n", 1, "ok", "Nothing", id="Enter"),
    ],
)
def test_at_a_terminal_somebody_is_asked(two_days: Program, typed: str, code: int, state: str, said: str) -> None:
    with terminal() as (person, keyboard):
        os.write(person, typed.encode())
        command = [str(BIN / "scholarwatch"), "run", "revert", "3", "--now", WEDNESDAY]
        done = subprocess.run(
            command, cwd=two_days.folder, stdin=keyboard, capture_output=True, text=True, timeout=300, check=False
        )
    assert done.returncode == code
    assert done.stdout.startswith("Run 3 is a run of track")
    assert "Take it back? [y/N]:" in done.stdout
    assert said in done.stdout
    assert [run["state"] for run in two_days("run", "list", "--json").json_lines() if run["id"] == "3"] == [state]


def test_what_was_taken_back_stays_so(two_days: Program) -> None:
    assert two_days("run", "revert", "3", "--yes", "--now", WEDNESDAY).code == 0
    again = two_days("run", "revert", "3", "--yes")
    assert (again.code, again.err) == (1, "scholarwatch: run 3 was taken back on 2026-11-25 09:00 UTC already\n")
    itself = two_days("run", "revert", "5", "--yes")
    assert itself.code == 1
    assert "run 5 took another run back, and that is final" in itself.err
    assert two_days("run", "revert", "latest", "--yes", "--now", WEDNESDAY).code == 0
    none_left = two_days("run", "revert", "latest", "--yes", "--now", WEDNESDAY)
    assert none_left.code == 2
    assert "there is no run that could be taken back" in none_left.err


def test_a_run_without_an_end_only_by_force(two_days: Program) -> None:
    begin_and_die(two_days)
    refused = two_days("run", "revert", "latest", "--yes")
    assert refused.code == 1
    assert "run 5 of 2026-11-25 09:00 UTC has not ended: it goes on, or was killed" in refused.err
    forced = two_days("run", "revert", "latest", "--yes", "--force", "--now", WEDNESDAY)
    assert (forced.code, forced.out) == (0, "Run 5 is taken back: 0 profiles, 0 snapshots, no event.\n")


def test_options_of_run_before_a_verb_of_its_own_are_refused(two_days: Program) -> None:
    ended = two_days("run", "--database", "other.db", "revert", "latest", "--yes")
    assert ended.code == 2
    assert "options come after the word 'revert'" in ended.err


def everything(program: Program) -> tuple[object, ...]:
    verbs = (("events",), ("people",), ("status", "--now", WEDNESDAY))
    return tuple(program(*words, "--json").out for words in verbs)
