"""What is typed or written wrongly: the exit code, and what standard error names. Never a traceback."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.store import Store
from tests.cli.program import Ended, Program
from tracking.view import FollowedPerson, FollowedProfile

RULE = "people: []\nreceivers:\n  me: {file: a.jsonl}\nrules:\n  - name: mine\n    on: [paper.new]\n    notify: [me]\n"


def refused(ended: Ended, code: int, *named: str) -> None:
    """Nothing on standard output; every ``named`` on standard error, which is text for a person."""
    assert (ended.code, ended.out) == (code, "")
    assert [name for name in named if name not in ended.err] == []
    assert "Traceback" not in ended.err
    assert ended.err.endswith("\n")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("people:\n\t- x\n", ("bad.yaml:2:1: ", "a tab")),
        ("people:\n  - name: A\n   profiles: [x]\n", ("bad.yaml:3", "not YAML")),
        ("peple: []\n", ("bad.yaml:1: peple: unknown key", "“people”")),
        ("people: []\npeople: []\n", ("bad.yaml:2: people: ", "line 1")),
        ("people: 3\n", ("bad.yaml:1: people: must be a list",)),
        (b"people: []\n\xff\xfe", ("bad.yaml:2: ", "UTF-8")),
        (RULE.replace("[me]", "[nobody]"), ("bad.yaml:7: rules[0].notify", "“nobody”")),
        (RULE.replace("paper.new", "paper.nw"), ("bad.yaml:6: rules[0].on[0]: ", "“paper.new”")),
        ("people:\n  - https://example.org/author/1\n", ("bad.yaml:2: people[0]: example.org", "scholarfeed")),
        ("people:\n  - https://www.scholarfeed.org/author/1\n", ("bad.yaml", "user_agent")),
    ],
    ids=[
        "tab",
        "indentation",
        "unknown key",
        "duplicate key",
        "wrong type",
        "not UTF-8",
        "unknown receiver",
        "unknown kind of event",
        "unknown host",
        "nobody to reach",
    ],
)
@pytest.mark.parametrize("json", [(), ("--json",)], ids=["text", "json"])
def test_broken_configuration(
    text: str | bytes, named: tuple[str, ...], json: tuple[str, ...], program: Program
) -> None:
    program.write("bad.yaml", text)
    refused(program("run", "--config", "bad.yaml", *json), 2, *named)
    assert not (program.folder / "scholarwatch.db").exists()


@pytest.mark.parametrize(
    ("words", "code", "named"),
    [
        ("run", 2, ("scholarwatch.yaml: there is no such file", "scholarwatch init")),
        ("deliver", 2, ("scholarwatch.yaml: there is no such file",)),
        ("follow https://www.scholarfeed.org/author/1", 2, ("scholarwatch.yaml: there is no such file",)),
        ("run --config nowhere.yaml", 2, ("nowhere.yaml: there is no such file",)),
        ("run --config .", 2, (".: cannot be read",)),
        ("people", 1, ("there is no database", "scholarwatch.db")),
        ("events --database mysql://me:secret@host/x", 2, ("--database: mysql://",)),
        ("status --database junk.db", 1, ("junk.db: file is not a database",)),
        ("status --database nowhere/x.db", 1, ("nowhere/x.db",)),
        ("init --config nowhere/x.yaml", 2, ("nowhere/x.yaml: cannot be written",)),
        ("init --contact nobody", 2, ("'nobody' is no mail address",)),
        ("init --config junk.db", 2, ("junk.db: is there already",)),
        ("run --now yesterday", 2, ("'--now'", "'yesterday' is no date or time")),
        ("show ada --at 2026-02-30", 2, ("'--at'", "2026-02-30")),
        ("events --since x", 2, ("'--since'",)),
        ("events --kind paper.nw", 2, ("'--kind'", "did you mean “paper.new”?")),
        ("parse nowhere.html --source scholarfeed", 2, ("'FILE'", "'nowhere.html' does not exist")),
        ("parse . --source scholarfeed", 2, ("'FILE'", "is a directory")),
        ("parse junk.db --source scholarfed", 2, ("'--source'", "did you mean “scholarfeed”?")),
        ("parse junk.db", 2, ("--source",)),
        ("notify test nobody --config empty.yaml", 2, ("'RECEIVER'", "'nobody'", "terminal")),
        ("show", 2, ("PERSON",)),
        ("show ada somebody", 2, ("somebody",)),
        ("walk", 2, ("'walk'",)),
        ("run --nwo 2026-11-22", 2, ("--nwo",)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_wrong_command(words: str, code: int, named: tuple[str, ...], program: Program) -> None:
    program.write("junk.db", "no database, and no page\n")
    program.write("empty.yaml", "people: []\n")
    before = sorted(program.folder.iterdir())
    refused(program(*words.split()), code, *named)
    assert sorted(program.folder.iterdir()) == before


@pytest.fixture
def three_people(program: Program) -> Path:
    """A database with Ada Example, Adam Other and Zoë Third, whom nobody has checked yet."""
    path = program.folder / "scholarwatch.db"
    people = [
        FollowedPerson(
            name=name,
            profiles=(FollowedProfile(source="scholarfeed", key=key, url=f"http://127.0.0.1:9/author/{key}"),),
        )
        for key, name in (("1", "Ada Example"), ("2", "Adam Other"), ("3", "Zoë Third"))
    ]
    with Store.open(str(path)) as store:
        store.follow(people, datetime(2026, 11, 22, 9, tzinfo=UTC))
    return path


@pytest.mark.usefixtures("three_people")
@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("show", "Bob"), ("nobody is followed as “Bob”", "scholarwatch people --all")),
        (("show", "Ada Exmple"), ("nobody is followed as “Ada Exmple”", "Ada Example")),
        (("show", "ada"), ("Ada Example (scholarfeed/1)", "Adam Other (scholarfeed/2)")),
        (("events", "--person", "Bob"), ("“Bob”",)),
        (("quarantine", "accept", "Bob"), ("“Bob”",)),
    ],
    ids=["unknown", "misspelt", "ambiguous", "events", "quarantine"],
)
def test_unknown_person(words: tuple[str, ...], named: tuple[str, ...], program: Program) -> None:
    refused(program(*words), 2, *named)


@pytest.mark.usefixtures("three_people")
def test_people_who_were_never_checked(program: Program) -> None:
    listed = program("people").out.splitlines()
    assert listed[1] == "Ada Example  –     never       –        http://127.0.0.1:9/author/1"
    assert program("show", "Zoë Third").out.splitlines()[-1] == "  nothing was read yet"
    assert program("events").out == "Nothing yet.\n"
    assert program("events", "--json").out == ""
    assert program("quarantine", "list").out == "Nothing is held back.\n"
    assert program("quarantine", "accept", "Zoë Third").code == 1
    ended = program("status")
    assert (ended.code, ended.out.splitlines()[-1]) == (1, "! no run yet: scholarwatch run")
