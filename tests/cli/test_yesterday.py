"""While the file is broken, yesterday's configuration goes on to hold for what a timer starts."""

import pytest

from tests.cli.days import MONDAY, TUESDAY, a_day_goes_by, begin
from tests.cli.program import Ended, Program
from tests.scenarios.command import alerts
from world.site import Site

WEDNESDAY, THURSDAY = "2026-11-25T09:00:00+00:00", "2026-11-26T09:00:00+00:00"
RECEIVERS = "rules: [{name: all, on: [paper.new, config.broken]}]\nreceivers: {log: {file: alerts.jsonl}}\n"
SIGNATURE = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="


def text(program: Program) -> str:
    return (program.folder / "scholarwatch.yaml").read_text("utf-8")


def write(program: Program, text: str) -> None:
    (program.folder / "scholarwatch.yaml").write_text(text, "utf-8")


def start(site: Site, program: Program, sections: str = RECEIVERS) -> str:
    """Followed since Monday with these sections; the text of the file."""
    begin(site, program)
    write(program, text(program) + sections)
    assert program("apply", "--yes", "--now", MONDAY).code == 0
    return text(program)


def scheduled(program: Program, at: str, *words: str) -> Ended:
    return program("run", "--scheduled", "--now", at, *words)


def heard(program: Program) -> list[str]:
    return [item["kind"] for message in alerts(program.folder) for item in message["items"]]


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ("rulez: []\n", "rulez: unknown key; did you mean “rules”?"),
        ("sources: [\n", "not YAML: "),
        ("\trules: []\n", "a tab indents this line, YAML takes spaces"),
        ('watch: {heartbeat: "${NOT_THERE}"}\n', "the environment has no variable NOT_THERE"),
    ],
    ids=["a wrong key", "no YAML", "a tab", "no such variable"],
)
def test_a_timer_goes_on_and_says_so_once(broken: str, why: str, site: Site, program: Program) -> None:
    sound = start(site, program)
    write(program, sound + broken)
    a_day_goes_by(site)
    ended = scheduled(program, TUESDAY)
    assert ended.code == 1
    assert "1 profile checked in " in ended.out
    assert "! the file is not used (scholarwatch.yaml:" in ended.out
    assert why in ended.out
    assert ": the configuration of 2026-11-23 09:00 UTC goes on to hold." in ended.out
    assert sorted(heard(program)) == ["config.broken", "paper.new"]
    manifest = program("run", "list", "--database", "scholarwatch.db", "--json").json_lines()[1]
    assert (manifest["kind"], manifest["state"]) == ("track", "degraded")
    # Told once; and by hand it is an error, with file, line and key.
    scheduled(program, WEDNESDAY)
    assert len(heard(program)) == 2
    by_hand = program("run", "--now", THURSDAY)
    assert (by_hand.code, why in by_hand.err, by_hand.out) == (2, True, "")
    status = program("status", "--now", WEDNESDAY)
    assert (status.code, why in status.out) == (1, True)
    # Mended, it is over; broken again, it is told again.
    write(program, sound)
    assert scheduled(program, THURSDAY).code == 0
    write(program, sound + broken)
    scheduled(program, "2026-11-27T09:00:00+00:00")
    assert heard(program).count("config.broken") == 2


def test_watch_tells_it_too_and_once_between_them(site: Site, program: Program) -> None:
    sound = start(site, program)
    write(program, sound + "rulez: []\n")
    looked = program("watch", "--now", TUESDAY, "--json")
    assert looked.code == 1
    (failure,) = looked.json()["watch"]["failures"]
    assert (failure["kind"], "rulez: unknown key" in failure["detail"]) == ("config.broken", True)
    assert heard(program) == ["config.broken"]
    scheduled(program, TUESDAY)
    assert heard(program) == ["config.broken"]
    # A reminder after a week, unless somebody has acknowledged it.
    assert program("watch", "--now", "2026-12-01T09:00:00+00:00").code == 1
    assert heard(program).count("config.broken") == 2
    event = program("events", "--kind", "config.broken", "--json").json_lines()[-1]["id"]
    assert program("ack", event, "--now", "2026-12-01T10:00:00+00:00").code == 0
    scheduled(program, "2026-12-09T09:00:00+00:00")
    assert heard(program).count("config.broken") == 2


def test_a_secret_that_stands_in_the_file_in_clear_is_not_kept(site: Site, program: Program) -> None:
    hook = f"hook: {{webhook: '{site.root}/in/x7KpQ9geheim', secret: {SIGNATURE}}}"
    sound = start(site, program, RECEIVERS.replace("{log:", f"{{{hook}, log:"))
    for secret in ("x7KpQ9geheim", SIGNATURE):
        assert secret.encode() not in (program.folder / "scholarwatch.db").read_bytes()
    write(program, sound + "rulez: []\n")
    a_day_goes_by(site)
    ended = scheduled(program, TUESDAY)
    assert "nothing goes to hook until then" in ended.out
    assert "hook: nothing goes out for now (the configuration is broken" in ended.out
    assert sorted(heard(program)) == ["config.broken", "paper.new"]
    assert "/in/" not in "".join(request.path for request in site.requests)
    # What is for it has waited.
    write(program, sound)
    program("deliver", "--now", WEDNESDAY)
    assert [request.path for request in site.requests][-1] == "/in/x7KpQ9geheim"


def test_a_secret_in_the_environment_is_used_as_before(
    site: Site, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK", SIGNATURE)
    monkeypatch.setenv("WHERE", f"{site.root}/in/x7KpQ9geheim")
    sound = start(site, program, RECEIVERS.replace("{log:", '{hook: {webhook: "${WHERE}", secret: "${HOOK}"}, log:'))
    write(program, sound + "rulez: []\n")
    scheduled(program, TUESDAY)
    assert [request.path for request in site.requests][-1] == "/in/x7KpQ9geheim"


def test_without_a_former_one_it_is_an_error(program: Program) -> None:
    program.write("scholarwatch.yaml", "rulez: []\n")
    ended = scheduled(program, MONDAY)
    assert (ended.code, "rulez: unknown key" in ended.err) == (2, True)
    assert not (program.folder / "scholarwatch.db").exists()


def test_where_the_database_is_named_elsewhere(site: Site, program: Program) -> None:
    """By the line of a file that is no YAML any more, or by the command line."""
    begin(site, program)
    write(program, text(program) + "database: lab.db\n" + RECEIVERS)
    assert program("run", "--now", MONDAY).code == 0
    write(program, text(program) + "people: [\n")
    assert scheduled(program, TUESDAY).code == 1
    (program.folder / "scholarwatch.yaml").unlink()
    assert scheduled(program, WEDNESDAY, "--database", "lab.db").code == 1
    assert heard(program) == ["config.broken"]
