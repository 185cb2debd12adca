"""The log of a command, and that neither it nor anything else that is printed holds a secret."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.days import MONDAY, TUESDAY, begin
from tests.cli.program import Program
from world.site import Site

ROOT = Path(__file__).parents[2]
TOKEN = "x7KpQ9geheim"


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def test_a_run_in_json_lines(site: Site, program: Program) -> None:
    begin(site, program)
    site.down("1001")
    ended = program("--log-format", "json", "run", "--now", TUESDAY)
    assert ended.code == 1
    check, run, *_ = lines(ended.err)
    assert (check["event"], check["outcome"], check["person"]) == ("check", "unreachable", "Zoë Example")
    assert check["host"] == site.root.removeprefix("http://")
    assert check["run"] == run["run"]
    assert (run["event"], run["kind"], run["state"], run["outcomes"]) == (
        "run",
        "track",
        "degraded",
        {"unreachable": 1},
    )
    # Who asks for none gets none.
    assert "{" not in program("run", "--now", "2026-11-25T09:00:00+00:00").err


def test_a_file_goes_on(site: Site, program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(site, program)
    monkeypatch.setenv("SCHOLARWATCH_LOG_FILE", "watch.log")
    assert program("watch", "--now", MONDAY).err == ""
    monkeypatch.setenv("SCHOLARWATCH_LOG_FORMAT", "text")
    program("deliver", "--now", MONDAY)
    first, second, third = (program.folder / "watch.log").read_text("utf-8").splitlines()
    assert [json.loads(line)["kind"] for line in (first, second)] == ["watch", "deliver"]
    assert third.endswith("INFO deliver 5: ok")


def test_what_keeps_it_from_going_on_is_logged(program: Program) -> None:
    ended = program("--log-format", "json", "run")
    assert ended.code == 2
    (error,) = lines(ended.err)
    assert (error["level"], error["event"]) == ("ERROR", "error")
    assert str(error["message"]).startswith("scholarwatch.yaml: there is no such file")


def test_handlers_that_a_library_has_set_up_get_none_of_it(
    site: Site, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[logging.LogRecord] = []
    handler = logging.Handler()
    monkeypatch.setattr(handler, "emit", heard.append)
    monkeypatch.setattr(logging.getLogger(), "handlers", [handler])
    begin(site, program)
    program("--log-format", "json", "run", "--now", TUESDAY)
    assert [record for record in heard if record.name == "scholarwatch"] == []


def test_another_form_is_refused(program: Program) -> None:
    ended = program("--log-format", "xml", "status")
    assert (ended.code, "'xml' is not one of" in ended.err) == (2, True)


def test_no_secret_is_printed(site: Site, program: Program) -> None:
    """Whatever a verb prints passes the same door; here it is a person who is called like a token."""
    begin(site, program)
    config = program.folder / "scholarwatch.yaml"
    receivers = f"receivers: {{hook: {{apprise: 'json://127.0.0.1:9/{TOKEN}'}}}}\n"
    config.write_text(config.read_text("utf-8").replace("Zoë Example", f"Zoë {TOKEN}") + receivers, "utf-8")
    for words in (["run"], ["run", "--json"], ["deliver", "--json"], ["rules", "explain", "Zoë", "--json"]):
        ended = program("--log-format", "json", *words)
        assert TOKEN not in ended.out + ended.err, words


def test_a_mistake_of_the_program_is_shown_without_secrets(tmp_path: Path) -> None:
    program = f"""
import sys
import typer
from cli import main
from flows.redaction import know

know({{"{TOKEN}"}})

@main.app.command()
def careless() -> None:
    raise ZeroDivisionError("no answer from {TOKEN}")

sys.argv = ["scholarwatch", "--log-file", "watch.log", "careless"]
main.main()
"""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert "ZeroDivisionError: no answer from [redacted]" in done.stderr
    (line,) = lines((tmp_path / "watch.log").read_text("utf-8"))
    assert line["message"] == "ZeroDivisionError: no answer from [redacted]"
    assert "careless" in str(line["traceback"])
    assert TOKEN not in done.stderr + done.stdout + str(line)
