"""docs/adding-a-source.md, followed to the letter: its files, its commands, its tests."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

_PAGE = Path(__file__).parents[2] / "docs" / "adding-a-source.md"
_FILE = re.compile(r"^```\w+ file=(\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the page makes, with the package installed beside it."""
    folder = tmp_path_factory.mktemp("institute")
    files = _FILE.findall(_PAGE.read_text("utf-8"))
    assert len(files) == 4
    for name, text in files:
        (folder / name).write_text(text, "utf-8")
    install = ["-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--no-index", "--target", "site", "."]
    run(folder, *install)
    return folder


def run(folder: Path, *words: str) -> str:
    """What a Python program says in the folder, with the package installed. Fails where the program does."""
    environment = os.environ | {"PYTHONPATH": str(folder / "site"), "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def scholarwatch(folder: Path, *words: str) -> str:
    return run(folder, "-c", "from cli.main import main; main()", *words)


def test_the_source_is_found(package: Path) -> None:
    listed = [json.loads(line) for line in scholarwatch(package, "sources", "--json").splitlines()]
    [institute] = [source for source in listed if source["name"] == "institute"]
    assert institute["title"] == "Example Institute"
    assert institute["hosts"] == ["people.example.edu"]


def test_the_page_is_read(package: Path) -> None:
    url = "https://people.example.edu/people/ada"
    reading = json.loads(scholarwatch(package, "parse", "ada.html", "--source", "institute", "--url", url, "--json"))
    assert [paper["title"] for paper in reading["papers"]] == [
        "Reading pages without guessing",
        "On the order of lists",
    ]
    assert [paper["published"] for paper in reading["papers"]] == ["2025", "2023"]
    assert reading["metrics"] == {"citations": 1204}


def test_its_tests_pass(package: Path) -> None:
    assert "2 passed" in run(package, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_institute.py")


def test_somebody_is_followed_there(package: Path) -> None:
    scholarwatch(package, "init", "--contact", "me@example.org")
    said = scholarwatch(package, "follow", "https://people.example.edu/people/ada")
    assert "institute ada" in said
