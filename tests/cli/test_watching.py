"""The verbs that say whether the program is at work, and runs as a timer starts them."""

from datetime import date

from tests.cli.days import MONDAY, TUESDAY, begin
from tests.cli.program import Program
from tests.scenarios.command import alerts
from world.papers import papers
from world.site import Site

HOUR_LATER = "2026-11-23T10:00:00+00:00"
WEDNESDAY = "2026-11-25T09:00:00+00:00"
RULES = """
rules: [{name: at work, on: [run.missed, profile.stale]}]
receivers: {log: {file: alerts.jsonl}}
"""
LATE = "no good run for more than 36 hours: the last was of 2026-11-23 09:00 UTC, and none was started since"


def tell_of_it(program: Program) -> None:
    config = program.folder / "scholarwatch.yaml"
    config.write_text(config.read_text("utf-8") + RULES, "utf-8")


def test_before_the_first_run(site: Site, program: Program) -> None:
    program("init", "--contact", "me@example.org")
    nobody = program("watch", "--now", MONDAY)
    assert (nobody.code, nobody.out) == (0, "Last good run: never.\nEverything is at work.\n")
    program("follow", site.url("1001"), "--source", "scholarfeed")
    followed = program("watch", "--now", MONDAY)
    assert (followed.code, followed.out) == (1, "Last good run: never.\n! there was no run yet\n")


def test_silence_is_told_and_delivered_by_the_verb_itself(site: Site, program: Program) -> None:
    begin(site, program)
    tell_of_it(program)
    fine = program("watch", "--now", TUESDAY)
    assert (fine.code, fine.out) == (0, "Last good run: 2026-11-23 09:00 UTC.\nEverything is at work.\n")
    late = program("watch", "--now", WEDNESDAY)
    assert late.code == 1
    assert late.out.splitlines() == [
        "Last good run: 2026-11-23 09:00 UTC.",
        f"! {LATE}",
        "1 of 1 message delivered.",
    ]
    [message] = alerts(program.folder)
    [item] = message["items"]
    assert (item["kind"], item["person"], item["after"]) == ("run.missed", "Zoë Example", LATE)
    again = program("watch", "--now", WEDNESDAY, "--json").json()
    assert len(alerts(program.folder)) == 1
    assert again["deliver"]["messages"] == 0
    assert again["watch"] == {
        "kind": "watch", "run": again["watch"]["run"], "now": WEDNESDAY, "state": "degraded",
        "last_good_run": MONDAY, "stale": 0, "explained": 0, "failed": 1,
        "failures": [{"kind": "run.missed", "detail": LATE, "acknowledged": False}],
        "events": {}, "elapsed_seconds": again["watch"]["elapsed_seconds"],
    }  # fmt: skip


def test_old_pages_are_let_go_of_once_a_day_where_that_is_asked_for(site: Site, program: Program) -> None:
    begin(site, program)
    assert "keep" not in program("watch", "--now", TUESDAY, "--json").json()["watch"]
    config = program.folder / "scholarwatch.yaml"
    config.write_text(config.read_text("utf-8") + "retention: {pages: 365d}\n", "utf-8")
    first = program("watch", "--now", TUESDAY)
    assert (first.code, first.out.splitlines()[1:]) == (0, ["Everything is at work.", "No page is too old."])
    assert program("watch", "--now", TUESDAY).out.splitlines()[1:] == ["Everything is at work."]
    kept = program("watch", "--now", WEDNESDAY, "--json").json()["watch"]["keep"]
    assert (kept["pages"], kept["before"]) == (0, "2025-11-25T09:00:00+00:00")
    assert "let go of 0 pages" in program("run", "list").out


def test_status_says_it_too(site: Site, program: Program) -> None:
    begin(site, program)
    assert program("status", "--now", TUESDAY).code == 0
    late = program("status", "--now", WEDNESDAY)
    assert (late.code, f"! {LATE}\n" in late.out) == (1, True)
    assert program("status", "--now", WEDNESDAY, "--json").json()["late"] is True
    # By the patience of the configuration; and where that cannot be read, as usual.
    config = program.folder / "scholarwatch.yaml"
    config.write_text(config.read_text("utf-8") + "watch: {no_run_hours: 72}\n", "utf-8")
    assert program("status", "--now", WEDNESDAY).code == 0
    config.write_text(config.read_text("utf-8").replace("hours: 72", "hours: soon"), "utf-8")
    wrong = program("status", "--now", WEDNESDAY)
    assert wrong.code == 1
    assert f"! {LATE}\n" in wrong.out
    assert "watch.no_run_hours: must be a whole number, 1 or more\n" in wrong.out


def test_status_says_when_the_last_good_run_was(site: Site, program: Program) -> None:
    begin(site, program)
    site.down()
    assert program("run", "--now", TUESDAY).code == 1
    said = program("status", "--now", TUESDAY).out
    assert "Last run: 2026-11-24 09:00 UTC, degraded.\nLast good run: 2026-11-23 09:00 UTC, ok.\n" in said


def test_a_run_that_a_timer_starts(site: Site, program: Program) -> None:
    begin(site, program)
    asked = len(site.requests)
    left = program("run", "--scheduled", "--now", HOUR_LATER)
    assert (left.code, left.out) == (0, "Left early: nobody is due at 2026-11-23 10:00 UTC.\n")
    assert len(site.requests) == asked
    manifest = program("run", "--scheduled", "--now", HOUR_LATER, "--json").json()["track"]
    assert (manifest["state"], manifest["skipped"]) == (
        "skipped",
        {"why": "nobody_due", "detail": "nobody is due at 2026-11-23 10:00 UTC"},
    )
    said = program("status", "--now", HOUR_LATER).out
    assert "Last run: 2026-11-23 09:00 UTC, ok.\nLast good run: 2026-11-23 10:00 UTC, nobody was due.\n" in said
    assert program("run", "--scheduled", "--now", TUESDAY).out.startswith("1 profile checked in ")
    assert program("run", "--now", TUESDAY).out.startswith("Nothing to check")
    listed = program("run", "list").out
    assert "skipped" in listed
    assert "nobody is due at 2026-11-23 10:00 UTC" in listed


def test_a_heartbeat_that_is_not_heard_is_said_and_no_more(site: Site, program: Program) -> None:
    begin(site, program)
    config = program.folder / "scholarwatch.yaml"
    # The site knows no such page.
    config.write_text(config.read_text("utf-8") + f"watch: {{heartbeat: '{site.root}/ping/5e0c8a1d'}}\n", "utf-8")
    ended = program("run", "--now", TUESDAY)
    assert ended.code == 0
    assert "! The heartbeat was not heard: 127.0.0.1 answered 404 (Not Found).\n" in ended.out
    assert [request.path for request in site.requests][-1] == "/ping/5e0c8a1d"
    said = program("run", "--now", WEDNESDAY, "--json")
    assert said.json()["track"]["heartbeat"] == {
        "host": "127.0.0.1",
        "says": "good",
        "error": "127.0.0.1 answered 404 (Not Found)",
    }
    assert "5e0c8a1d" not in ended.out + ended.err + said.out + said.err
    site.down("1001")
    program("run", "--now", "2026-11-26T09:00:00+00:00")
    assert [request.path for request in site.requests][-1] == "/ping/5e0c8a1d/fail"


def test_many_that_are_not_read_are_listed_in_short(site: Site, program: Program) -> None:
    begin(site, program)
    tell_of_it(program)
    for number in range(2, 5):
        key = site.author(f"Person {number}", papers(2, before=date(2026, 6, 1), seed=number), key=f"100{number}")
        program("follow", site.url(key), "--source", "scholarfeed")
    for day in (24, 25, 26, 27):
        if day == 25:
            site.down("1001")
            site.down("1002")
        program("run", "--now", f"2026-11-{day}T09:00:00+00:00")
    said = program("watch", "--now", "2026-11-27T10:00:00+00:00")
    host = site.root.removeprefix("http://")
    assert (
        f"! 2 profiles at {host} are not read any more (Zoë Example, Person 2): last on 2026-11-24 09:00 UTC; "
        "6 checks since then ended as 6 unreachable\n"
    ) in said.out
