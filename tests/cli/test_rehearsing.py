"""`rules test` and `rules tune` on the command line."""

import shutil
from pathlib import Path

import pytest

from storage.store import Store
from tests.cli.program import Program
from tests.flows.rehearsed import configure, end, live

NOW = ("--now", end().isoformat())


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lived")
    live(configure(folder))
    return folder / "scholarwatch.db"


@pytest.fixture
def program(program: Program, lived: Path) -> Program:
    """In a folder in which Ada and Mary were followed for ten weeks."""
    configure(program.folder)
    shutil.copy(lived, program.folder)
    return program


def test_what_would_have_been_sent(program: Program) -> None:
    ended = program("rules", "test", *NOW)
    assert ended.code == 0
    assert ended.err == ""
    lines = ended.out.splitlines()
    assert lines[:3] == [
        "2026-03-02 08:00 UTC  to me",
        "  Changed metric of Ada Lovelace: Citations 101 → 103 (+2, +2.0 %) in 1 day",
        "    rule “citations”: citations rose by 2, metric citations, at least 2 was asked",
    ]
    assert ended.out.count(" UTC  to ") == 20
    summary = lines[lines.index("… and 60 messages more; --all shows them") :]
    assert summary[2] == "From 2026-03-01 08:00 UTC until 2026-05-10 08:00 UTC: 80 messages."
    assert [" ".join(line.split()) for line in summary[3:]] == [
        "receiver rule messages a week items kept back",
        "me all together 70 7 70 –",
        "me papers 10 1 10 –",
        "me citations 60 6 60 –",
        "log all together 10 1 10 –",
        "log papers 10 1 10 –",
        "log scored 6 0.6 6 –",
    ]


def test_all_of_them(program: Program) -> None:
    ended = program("rules", "test", *NOW, "--all", "--receiver", "log", "--last", "4w")
    assert ended.out.count(" UTC  to log") == 4
    assert "--all" not in ended.out


def test_of_a_digest_with_many_items(program: Program) -> None:
    configure(program.folder, [{"name": "moves", "on": "metric.changed", "every": "weekly", "notify": ["me"]}])
    first = program("rules", "test", *NOW).out.splitlines()
    assert first[0] == "2026-03-02 08:00 UTC  to me, digest"
    assert "64 events would wait to go out later." not in first
    assert "6 events would wait to go out later." in first


def test_for_programs(program: Program) -> None:
    ended = program(
        "rules", "test", *NOW, "--json", "--since", "2026-05-01", "--rule", "citations", "--budget", "5/week"
    )
    assert ended.code == 0
    *messages, numbers = ended.json_lines()
    assert {name: messages[0][name] for name in ("at", "receiver", "digest", "rules")} == {
        "at": "2026-05-01T08:00:00+00:00",
        "receiver": "me",
        "digest": False,
        "rules": ["citations"],
    }
    [item] = messages[0]["items"]
    assert {name: item[name] for name in ("kind", "person", "title", "before", "after", "rules")} == {
        "kind": "metric.changed",
        "person": "Ada Lovelace",
        "title": "citations",
        "before": 339,
        "after": 345,
        "rules": ["citations"],
    }
    assert len(messages) == 8
    assert numbers == {
        "since": "2026-05-01T00:00:00+00:00",
        "until": end().isoformat(),
        "budget": "5/week",
        "over_budget": [{"receiver": "me", "rule": "citations", "messages_a_week": 6.0}],
        "receivers": [
            {
                "receiver": "me",
                "messages": 8,
                "messages_a_week": 6.0,
                "items": 8,
                "kept_back": {"no_rule": 2},
                "rules": [{"rule": "citations", "messages": 8, "messages_a_week": 6.0, "items": 8, "kept_back": {}}],
            },
            {"receiver": "log", "messages": 0, "messages_a_week": 0.0, "items": 0, "kept_back": {"no_rule": 10}, "rules": []},
        ],
        "waiting": 0,
    }  # fmt: skip
    assert "“citations” sends me 6 messages a week, more than 5/week" in ended.err


def test_noise_is_a_failure_only_where_that_is_wanted(program: Program) -> None:
    asked = ("rules", "test", *NOW, "--budget", "5/week")
    assert program(*asked).code == 0
    ended = program(*asked, "--fail")
    assert ended.code == 1
    assert "see scholarwatch rules tune --rule 'citations'" in ended.err
    assert program("rules", "test", *NOW, "--budget", "6/week", "--fail").code == 0


def test_rules_of_another_file(program: Program) -> None:
    program.write("tomorrow.yaml", "rules: [{name: big, on: metric.changed, where: {delta: '>= 7'}, notify: me}]\n")
    _, *messages, numbers = program("rules", "test", *NOW, "--rules", "tomorrow.yaml", "--json").json_lines()
    assert numbers["receivers"][0]["messages"] == len(messages) + 1 == 10
    program.write("tomorrow.yaml", "rules: [{name: big, on: metric.chnged}]\n")
    ended = program("rules", "test", *NOW, "--rules", "tomorrow.yaml")
    assert (ended.code, ended.out) == (2, "")
    assert "tomorrow.yaml:1: rules[0].on: no such kind of event" in ended.err


def test_what_to_say_instead(program: Program) -> None:
    ended = program("rules", "tune", "--budget", "3/week", *NOW)
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert lines[:2] == ["“citations” sends 6 messages a week.", "Each of these keeps within 3/week:"]
    begin = lines.index("where.delta: >= 5, now >= 2: 3 messages a week")
    assert lines[begin + 1].startswith("  scholarwatch.yaml:")
    assert lines[begin + 2 : begin + 7] == [
        "    - name: citations",
        "      where:",
        "        delta: '>= 5'",
        "  30 items would not be told any more, for example:",
        "    Changed metric of Ada Lovelace: Citations 101 → 103 (+2, +2.0 %) in 1 day",
    ]
    assert program("rules", "tune", "--budget", "9/week", *NOW).out == "No rule sends more than 9/week.\n"


def test_what_to_say_instead_for_programs(program: Program) -> None:
    ended = program("rules", "tune", "--budget", "3/week", *NOW, "--json")
    [tuned] = ended.json_lines()
    assert (tuned["rule"], tuned["messages_a_week"]) == ("citations", 6.0)
    proposals = {one["key"]: one for one in tuned["proposals"]}
    delta = proposals["where.delta"]
    assert {name: delta[name] for name in ("value", "instead_of", "messages_a_week", "untold", "yaml")} == {
        "value": ">= 5",
        "instead_of": ">= 2",
        "messages_a_week": 3.0,
        "untold": 30,
        "yaml": "- name: citations\n  where:\n    delta: '>= 5'",
    }
    assert [item["after"] for item in delta["examples"]] == [103, 106, 110]
    assert program("rules", "tune", "--budget", "1/day", *NOW, "--json").out == ""


def test_where_nothing_helps(program: Program) -> None:
    configure(program.folder, [{"name": "papers", "on": "paper.new", "every": "weekly"}])
    ended = program("rules", "tune", "--budget", "3/month", *NOW)
    assert "“papers” sends 0.9 messages a week.\nNo key of it, said more strictly" in ended.out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("test", "--rule", "citation"), "no rule is called “citation”; did you mean “citations”?"),
        (("test", "--receiver", "you"), "no receiver is called “you”; allowed: me, log"),
        (("test", "--person", "Grace Hopper"), "Grace Hopper"),
        (("test", "--budget", "many"), "must be a number of messages in a time (day, week, month), like 3/week"),
        (("test", "--budget", "0/week"), "like 3/week"),
        (("test", "--last", "soon"), "must be a time like 36h, 7d or 2w"),
        (("test", "--last", "7d", "--since", "2026-03-03"), "say either how long or from when"),
        (("test", "--until", "2025-01-01"), "it exists from 2026-03-01 08:00 UTC until 2026-05-09 08:00 UTC"),
        (("tune",), "Missing option '--budget'"),
        (("tune", "--budget", "3/week", "--rule", "x"), "no rule is called “x”"),
    ],
)
def test_wrong_use(words: tuple[str, ...], message: str, program: Program) -> None:
    ended = program("rules", *words, *NOW)
    assert (ended.code, ended.out) == (2, "")
    assert message in " ".join(ended.err.split())


def test_where_there_is_no_history(program: Program) -> None:
    database = program.folder / "scholarwatch.db"
    database.unlink()
    ended = program("rules", "test", *NOW)
    assert (ended.code, ended.out) == (1, "")
    assert str(database) in ended.err
    Store.open(str(database)).close()
    ended = program("rules", "test", *NOW)
    assert (ended.code, ended.out) == (2, "")
    assert "there is no history yet" in " ".join(ended.err.split())
