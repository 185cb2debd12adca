"""The file that gets one line of JSON for each message."""

import json
import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import pytest

from alerts.delivery import DeliveryError
from alerts.receivers.file import FileChannel
from tests.alerts.examples import message, paper_item


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").split("\n")


def test_one_line_for_each_message(tmp_path: Path) -> None:
    channel = FileChannel(tmp_path / "new folder" / "alerts.jsonl")
    channel.send(message(paper_item(title="Naïve 因果")))
    channel.send(message(paper_item()))
    first, second, end = lines_of(channel.path)
    assert json.loads(first) == message(paper_item(title="Naïve 因果")).to_json()
    assert "Naïve 因果" in first
    assert json.loads(second)["items"][0]["title"] == "Patient Verifiers for Impatient Agents"
    assert end == ""


def test_a_line_that_a_crash_tore_stays_alone(tmp_path: Path) -> None:
    channel = FileChannel(tmp_path / "alerts.jsonl")
    channel.path.write_text('{"id": "m0"}\n{"id": "to')
    channel.send(message(paper_item()))
    assert [line[:12] for line in lines_of(channel.path)] == ['{"id": "m0"}', '{"id": "to', '{"id": "m1",', ""]


def test_scenario_32_the_line_is_safe_to_print_and_says_the_same(tmp_path: Path) -> None:
    title = "a\x1b]0;x\x07\u202eb\u2028c\ud800"
    channel = FileChannel(tmp_path / "alerts.jsonl")
    channel.send(message(paper_item(title=title)))
    [line, _] = lines_of(channel.path)
    assert not set(line) & set(title) - set("abcx]0;")
    assert json.loads(line)["items"][0]["title"] == title


def test_writers_at_the_same_time_keep_their_lines_whole(tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    writers = [context.Process(target=_send_many, args=(path,)) for _ in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0]
    sent = [json.loads(line) for line in lines_of(path) if line]
    assert len(sent) == 40


def _send_many(path: Path) -> None:
    for _ in range(20):
        FileChannel(path).send(message(*[paper_item(title="x" * 1000)] * 20))


@pytest.mark.parametrize("name", ["folder", "file/below/alerts.jsonl"])
def test_a_file_that_cannot_be_written_is_a_failed_delivery(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(DeliveryError, match="cannot write"):
        FileChannel(tmp_path / name).send(message(paper_item()))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a limit on the size of files")
def test_a_full_disk_is_a_failed_delivery_and_the_next_message_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    code = """
import resource, signal, sys
from pathlib import Path
from alerts.delivery import DeliveryError
from alerts.receivers.file import FileChannel
from tests.alerts.examples import message, paper_item
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
try:
    FileChannel(Path(sys.argv[1])).send(message(paper_item()))
except DeliveryError as error:
    print(error)
"""
    ran = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert "took only a part of the line" in ran.stdout
    FileChannel(path).send(message(paper_item()))
    torn, whole, _ = lines_of(path)
    assert len(torn) == 100
    assert json.loads(whole)["id"] == "m1"
