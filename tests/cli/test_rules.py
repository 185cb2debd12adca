"""Which rules there are, and which hold for whom."""

from datetime import UTC, datetime

import pytest

from storage.store import Store
from tests.cli.program import Program
from tests.storage.builders import accepted, apply, watch
from tracking.view import FollowedPerson, FollowedProfile

URL = "http://127.0.0.1:8099/author"
CONFIG = f"""\
sources: {{scholarfeed: {{hosts: ["127.0.0.1:8099"]}}}}
people:
  - name: Ada Example
    tags: [lab, rl]
    profiles: [{URL}/1]
    rules:
      - {{name: citations, where: {{delta: ">= 1", metric: }}}}
  - {{name: Ada Other, profiles: {URL}/2}}
  - {URL}/3
rules:
  - {{name: new papers, on: paper.new, where: {{any: [{{has_code: true}}, {{category: [LG]}}]}}}}
  - name: citations
    on: [metric.changed]
    where: {{metric: citations, delta: ">= 100"}}
    cooldown: 24h
tags:
  lab:
    rules: [{{name: new papers, disabled: true}}]
"""


@pytest.fixture
def program(program: Program) -> Program:
    program.write("scholarwatch.yaml", CONFIG)
    return program


def test_what_is_written_for_whom(program: Program) -> None:
    assert program("rules", "list").out.splitlines() == [
        "rule        for          says                                                                               line",
        "new papers  everybody    on: paper.new; where.any: [{has_code: true}, {category: [LG]}]                     11",
        "citations   everybody    on: [metric.changed]; where.metric: citations; where.delta: >= 100; cooldown: 24h  12",
        "operations  everybody    on: [config.broken, delivery.failed, profile.stale, receiver.off, run.missed]      built in",
        "new papers  tag lab      disabled: true                                                                     18",
        "citations   Ada Example  where.delta: >= 1; where.metric: taken away                                        7",
    ]
    first, *_, tag, _ = program("rules", "list", "--json").json_lines()
    assert first["keys"][1] == {"key": "on", "value": "paper.new", "section": "rules[0]", "line": 11}
    assert tag == {
        "for": "tag lab",
        "file": "scholarwatch.yaml",
        "name": "new papers",
        "disabled": True,
        "keys": [
            {"key": "name", "value": "new papers", "section": "tags.lab.rules[0]", "line": 18},
            {"key": "disabled", "value": True, "section": "tags.lab.rules[0]", "line": 18},
        ],
    }


def test_what_is_built_in(program: Program) -> None:
    program.write("scholarwatch.yaml", "")
    names = [line.split("  ")[0] for line in program("rules", "list").out.splitlines()[1:]]
    assert names[:3] == ["new papers", "first looks", "metrics"]
    assert names[-1] == "operations"
    program.write("scholarwatch.yaml", "rules: []")
    assert program("rules", "list").out == "There are no rules: nobody is told anything.\n"


def test_what_holds_for_somebody_and_where_it_stands(program: Program) -> None:
    assert program("rules", "explain", "ada  EXAMPLE").out.splitlines() == [
        "Ada Example (lab and rl), by scholarwatch.yaml",
        "",
        "new papers (disabled)",
        "  on: paper.new  (line 11, rules[0])",
        "  where.any: [{has_code: true}, {category: [LG]}]  (line 11, rules[0])",
        "  disabled: true  (line 18, tags.lab.rules[0])",
        "",
        "citations",
        "  on: [metric.changed]  (line 13, rules[1])",
        "  where.metric: taken away  (line 7, people[0].rules[0])",
        "  where.delta: >= 1  (line 7, people[0].rules[0])",
        "  cooldown: 24h  (line 15, rules[1])",
        "",
        "operations",
        "  on: [config.broken, delivery.failed, profile.stale, receiver.off, run.missed]  (built in)",
    ]
    said = program("rules", "explain", "Ada Example", "--json").json()
    assert (said["person"], said["tags"], said["file"]) == ("Ada Example", ["lab", "rl"], "scholarwatch.yaml")
    assert [(rule["name"], rule["disabled"]) for rule in said["rules"]] == [
        ("new papers", True),
        ("citations", False),
        ("operations", False),
    ]
    assert said["rules"][2]["keys"][1]["line"] is None


@pytest.mark.parametrize(
    ("asked", "who"),
    [("Ada Other", "Ada Other"), ("other", "Ada Other"), (f"{URL}/2", "Ada Other"), ("3", f"{URL}/3"), (f"{URL}/3", f"{URL}/3")],
)  # fmt: skip
def test_whom_is_meant(asked: str, who: str, program: Program) -> None:
    assert program("rules", "explain", asked).out.splitlines()[0] == f"{who}, by scholarwatch.yaml"


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [
        ("ada", "“ada” may be any of: Ada Example, Ada Other"),
        ("Bo", "nobody is followed as “Bo”; `scholarwatch people --all` lists everybody"),
    ],
)
def test_nobody_or_too_many(asked: str, complaint: str, program: Program) -> None:
    ended = program("rules", "explain", asked)
    assert (ended.code, ended.out, ended.err) == (2, "", f"scholarwatch: {complaint}\n")


def test_somebody_whom_only_the_page_names(program: Program) -> None:
    """By the name of the page, whose tags are those of the file; also where the store is of an earlier file."""
    now = datetime(2026, 11, 22, tzinfo=UTC)
    profile = FollowedProfile(source="scholarfeed", key="3", url=f"{URL}/3")
    gone = FollowedProfile(source="scholarfeed", key="4", url=f"{URL}/4")
    with Store.open("scholarwatch.db") as store:
        store.follow([FollowedPerson(profiles=(profile,)), FollowedPerson(name="Bo Gone", profiles=(gone,))], now)
        apply(store, accepted(watch(store, "3"), now, [], name="Chidi Page"))
    for asked in ("chidi", "3"):
        assert program("rules", "explain", asked).out.splitlines()[0] == "Chidi Page, by scholarwatch.yaml"
    ended = program("rules", "explain", "Bo Gone")
    assert (ended.code, ended.err) == (
        2,
        "scholarwatch: nobody is followed as “Bo Gone”; `scholarwatch people --all` lists everybody\n",
    )
