"""What a changed configuration would do, and doing it."""

import pytest

from tests.cli.days import MONDAY, TUESDAY, begin
from tests.cli.program import Program
from world.site import Site

RULES = """
rules:
  - {name: new papers, on: paper.new}
  - {name: citations, on: metric.changed, where: {metric: citations, delta: ">= 100"}}
receivers:
  log: {file: told.jsonl}
  hook: {webhook: "https://example.org/in/x7KpQ9geheim", secret: "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="}
"""


def write(program: Program, text: str) -> None:
    (program.folder / "scholarwatch.yaml").write_text(text, "utf-8")


def read(program: Program) -> str:
    return (program.folder / "scholarwatch.yaml").read_text("utf-8")


def test_before_the_first_run_everybody_is_new(site: Site, program: Program) -> None:
    program("init", "--contact", "me@example.org")
    program("follow", site.url("1001"), "--source", "scholarfeed", "--name", "Zoë Example")
    planned = program("plan")
    assert planned.code == 1
    assert planned.out.splitlines() == [
        f"+ follow Zoë Example: {site.url('1001')}",
        "Rules and receivers are compared from the first run, or apply, on: what they were is not known.",
    ]
    assert not (program.folder / "scholarwatch.db").exists()
    assert not site.requests


def test_nothing_to_do_after_a_run(site: Site, program: Program) -> None:
    begin(site, program)
    asked = len(site.requests)
    planned = program("plan")
    assert (planned.code, planned.out) == (0, "Nothing to do.\n")
    assert program("plan", "--json").json() == {
        "following": [], "rules": [], "receivers": [], "sections": [], "compared": True,
    }  # fmt: skip
    assert program("apply").code == 0
    assert len(site.requests) == asked


def test_all_that_a_file_can_change(site: Site, program: Program) -> None:
    begin(site, program)
    write(program, read(program) + RULES)
    assert program("apply", "--yes", "--now", MONDAY).code == 0
    key = site.author("Bo Other", [], key="1002")
    text = (
        read(program)
        .replace('delta: ">= 100"', 'delta: ">= 10"')
        .replace("  - {name: new papers, on: paper.new}\n", "")
    )
    text = text.replace("log: {file: told.jsonl}", "log: {file: other.jsonl}\n  me: {terminal: true}")
    # A secret that stands in clear is not kept, and nobody knows whether it is another one.
    text = text.replace("x7KpQ9geheim", "x7KpQ9geheim-other")
    text = text.replace(site.url("1001"), site.url(key)) + "watch: {no_run_hours: 48}\n"
    write(program, text)
    planned = program("plan")
    assert planned.code == 1
    assert planned.out.splitlines() == [
        f"+ follow {site.url('1002')}",
        f"- retire Zoë Example: {site.url('1001')}; what is known of it stays",
        "~ rule “citations” of everybody",
        '    where.delta: ">= 100" → ">= 10"',
        "- rule “new papers” of everybody",
        '    on: "paper.new", not said any more',
        "~ receiver log (file)",
        "+ receiver me (terminal)",
        "~ section watch says something else",
    ]
    assert "geheim" not in planned.out
    found = program("plan", "--json").json()
    assert [one["change"] for one in found["following"]] == ["followed", "retired"]
    assert found["rules"][0]["keys"] == [{"key": "where.delta", "before": '">= 100"', "after": '">= 10"'}]
    done = program("apply", "--yes", "--now", TUESDAY)
    assert (done.code, done.out.splitlines()[-1]) == (
        0,
        "Done: 1 profile followed, 0 restored, 1 retired, 0 changed. Next: scholarwatch run",
    )
    assert program("plan").out == "Nothing to do.\n"
    listed = program("people", "--all").out
    assert "Zoë Example" in listed
    assert "not followed" in listed
    # History is kept for whoever comes back.
    write(program, read(program).replace(site.url(key), site.url("1001")))
    assert f"+ follow Zoë Example again: {site.url('1001')}; its history goes on" in program("plan").out


def test_nobody_is_asked_where_nobody_is(site: Site, program: Program) -> None:
    begin(site, program)
    write(program, read(program).replace(site.url("1001"), site.url("1003")))
    refused = program("apply")
    assert (refused.code, "nobody can be asked here: --yes does it, plan only looks" in refused.err) == (2, True)
    assert program("plan").code == 1


def test_somebody_is_asked_at_a_terminal(site: Site, program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(site, program)
    write(program, read(program).replace(site.url("1001"), site.url("1003")))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    for answer, code, said in ((False, 1, "Nothing was changed."), (True, 0, "Done: 1 profile followed")):
        monkeypatch.setattr("typer.confirm", lambda *_, answer=answer, **__: answer)
        ended = program("apply", "--json")
        assert (ended.code, said in ended.err) == (code, True)
    assert program("plan").code == 0


def test_a_broken_file_plans_nothing(site: Site, program: Program) -> None:
    begin(site, program)
    write(program, read(program) + "rulez: []\n")
    for verb in ("plan", "apply"):
        ended = program(verb)
        assert (ended.code, "rulez: unknown key; did you mean “rules”?" in ended.err) == (2, True)
