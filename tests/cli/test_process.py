"""The program among other processes: interrupted, with nobody who reads on, with nowhere to write."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.days import MONDAY, begin
from tests.cli.program import Program
from tests.scenarios.command import BIN, follow_urls
from world.site import Site

#: Whoever is not interrupted waits for the silent host: three times ten seconds, and the pauses between.
PROMPTLY_SECONDS = 25.0
FULL = Path("/dev/full")


@pytest.mark.parametrize("json", [(), ("--json",)], ids=["text", "json"])
def test_ctrl_c_in_the_middle_of_a_run(json: tuple[str, ...], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        folder = tmp_path / "folder"
        follow_urls(folder, {"Ada Example": f"http://127.0.0.1:{silent.getsockname()[1]}/author/1"})
        running = subprocess.Popen(
            [str(BIN / "scholarwatch"), "run", "--now", MONDAY, *json],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        silent.settimeout(300)
        connection, _ = silent.accept()
        with connection:
            # A terminal interrupts the program and everything that it has started.
            os.killpg(running.pid, signal.SIGINT)
            began = time.perf_counter()
            out, err = running.communicate(timeout=300)
            waited = time.perf_counter() - began
    assert (running.returncode, out) == (130, "")
    assert err == "scholarwatch: interrupted; what was recorded so far stays\n"
    assert waited < PROMPTLY_SECONDS


@pytest.mark.parametrize("words", [("events",), ("events", "--json"), ("--help",)], ids=" ".join)
def test_a_reader_that_has_had_enough(words: tuple[str, ...], site: Site, program: Program) -> None:
    begin(site, program)
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as pipe:
        done = subprocess.run(
            [str(BIN / "scholarwatch"), *words], cwd=program.folder, stdout=pipe, stderr=subprocess.PIPE, timeout=300
        )
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
def test_nowhere_to_write(site: Site, program: Program) -> None:
    begin(site, program)
    with FULL.open("w") as full:
        done = subprocess.run(
            [str(BIN / "scholarwatch"), "events"],
            cwd=program.folder,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=300,
        )
    assert done.returncode == 1
    assert done.stderr.startswith("scholarwatch: ")
    assert "No space left on device" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_terminal_that_knows_ascii_only(site: Site, program: Program) -> None:
    begin(site, program)
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    words = [str(BIN / "scholarwatch"), "show", "zoë"]
    ended = subprocess.run(words, cwd=program.folder, env=environment, capture_output=True, text=True, timeout=300)
    assert ended.stdout.splitlines()[0] == "Zo? Example"
    assert ended.stderr == ""
