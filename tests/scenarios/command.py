"""The program as its users run it: a process, a folder with a configuration, and what it leaves."""

import json
import sys
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import yaml

from tests.forked import run_program

BIN = Path(sys.executable).parent


def scholarwatch(
    *words: str, cwd: Path, environment: dict[str, str] | None = None, codes: tuple[int, ...] = (0,)
) -> "CompletedProcess[str]":
    """Run the program to its end, which must be one of ``codes``."""
    done = run_program(*words, cwd=cwd, environment=environment)
    assert done.returncode in codes, f"{words} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
    return done


def json_lines(*words: str, cwd: Path, codes: tuple[int, ...] = (0,)) -> list[dict[str, Any]]:
    return [json.loads(line) for line in scholarwatch(*words, "--json", cwd=cwd, codes=codes).stdout.splitlines()]


def follow_urls(folder: Path, people: dict[str, str], **sections: object) -> Path:
    """A configuration in a new folder that follows these people, by name and URL, and writes to alerts.jsonl."""
    folder.mkdir()
    entries = [{"name": name, "profiles": [{"url": url, "source": "scholarfeed"}]} for name, url in people.items()]
    config = folder / "scholarwatch.yaml"
    written = {"people": entries, "receivers": {"me": {"file": "alerts.jsonl"}}} | sections
    config.write_text(yaml.safe_dump(written), "utf-8")
    return config


def alerts(folder: Path) -> list[dict[str, Any]]:
    """Every message that the file receiver got."""
    path = folder / "alerts.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def history(folder: Path) -> dict[str, Any]:
    """What the runs in a folder have recorded, as the reading verbs print it."""
    return {
        "events": json_lines("events", cwd=folder),
        "people": json_lines("people", cwd=folder),
        "alerts": sorted({json.dumps(message, sort_keys=True) for message in alerts(folder)}),
    }
