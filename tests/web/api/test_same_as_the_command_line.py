"""What the API answers is what the command line prints with ``--json``."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import Program
from tests.scenarios.story import Story
from tests.web.api.caller import Caller


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Program:
    return Program(tmp_path, monkeypatch, capsys)


@pytest.mark.usefixtures("lived")
def test_every_list_and_every_thing(story: Story, caller: Caller, program: Program) -> None:
    def printed(*words: str) -> list[dict[str, Any]]:
        return program(*words, "--config", str(story.config), "--json").json_lines()

    now = ["--now", story.now.isoformat()]
    story.check()
    event = caller.json("events")["items"][-1]["id"]
    for path, words in (
        ("people", ["people"]),
        ("events", ["events"]),
        ("events?since=2026-11-25&kind=paper.removed", ["events", "--since", "2026-11-25", "--kind", "paper.removed"]),
        ("events?until=2026-11-23&person=1002", ["events", "--at", "2026-11-23", "--person", "1002"]),
        ("events?known_at=2026-11-24&unacknowledged=true", ["events", "--known-at", "2026-11-24"]),
        ("people/1/metrics?metric=h_index", ["history", "1001", "h_index"]),
        ("outbox?delivered=true", ["outbox", "list", "--all"]),
        ("silences?all=true", ["silence", "list", "--all", *now]),
        ("quarantine", ["quarantine", "list"]),
        ("runs", ["run", "list"]),
    ):
        assert caller.walk(path) == printed(*words), path
    for path, words in (
        ("people/1", ["show", "1001"]),
        ("people/1?at=2026-11-24", ["show", "1001", "--at", "2026-11-24"]),
        ("people/1/rules", ["rules", "explain", "1001"]),
        (f"events/{event}", ["why", event]),
        (f"events/{event}/proof", ["verify", event]),
        ("status", ["status", "--now", story.now.isoformat()]),
    ):
        assert [caller.json(path)] == printed(*words), path
    assert caller.json("rules") == printed("rules", "list")
    [person] = printed("show", "1001")
    assert caller.walk("people/1/papers") == sorted(person["papers"], key=_first_shown)
    assert caller.walk("people/1/profiles") == person["profiles"]
    assert caller.json("hosts")["items"] == caller.json("status")["hosts"]
    assert caller.json("runs/latest") == caller.json("runs?limit=1")["items"][0]


def _first_shown(work: dict[str, Any]) -> tuple[str, str]:
    return work["shown"][0]["first_seen"], min(work["keys"])
