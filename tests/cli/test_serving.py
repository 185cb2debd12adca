"""``serve``: where it listens and where it refuses to, and that it answers until it is told to end."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from cli.serving import is_this_machine
from tests.cli.program import Program

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "example.org", ""])
def test_beyond_this_machine_only_with_a_token(host: str, program: Program) -> None:
    ended = program("serve", "--host", host)
    assert ended.code == 2
    assert "can be reached by others: give a --token" in ended.err


def test_a_token_that_could_be_guessed_is_refused(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHOLARWATCH_TOKEN", "short")
    ended = program("serve")
    assert ended.code == 2
    assert "at least 16 characters" in ended.err


def test_without_a_configuration_it_says_what_to_do(program: Program) -> None:
    ended = program("serve", "--port", "0")
    assert ended.code == 2
    assert "scholarwatch.yaml" in ended.err


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("LocalHost", True), ("10.0.0.1", False), ("x", False)],
)
def test_what_nobody_else_can_reach(host: str, local: bool) -> None:
    assert is_this_machine(host) is local


def test_it_answers_until_it_is_interrupted(tmp_path: Path) -> None:
    (tmp_path / "scholarwatch.yaml").write_text("people: []\n", "utf-8")
    words = [sys.executable, "-c", "from cli.main import main; main()", "serve", "--port", "0", "--json"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "SCHOLARWATCH_TOKEN": "a-token-that-nobody-guesses"}
    with subprocess.Popen(words, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        told = json.loads(server.stdout.readline())
        assert told["token"] is True
        with httpx.Client(base_url=told["url"], timeout=300, trust_env=False) as client:
            assert client.get("/people").status_code == 401
            bearer = {"authorization": "Bearer a-token-that-nobody-guesses"}
            assert "Nobody is followed yet" in client.get("/", headers=bearer).text
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=300) == 0
