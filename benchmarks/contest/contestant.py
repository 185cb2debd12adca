"""What takes part: a program that is told of pages once, and then looks at them whenever it is asked to."""

import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from benchmarks.contest.measured import Cost, CouldNotRun


class Contestant(Protocol):
    """``says`` is what it can tell afterwards of a page, in a few words."""

    name: str
    says: str

    def begin(self, folder: Path, urls: Sequence[str]) -> None:
        """Get ready in an empty folder to look at these pages. Raises CouldNotRun."""

    def look(self, day: int) -> Cost:
        """Look at every page once; ``day`` counts from 0. Raises CouldNotRun."""

    def disk_bytes(self) -> int:
        """What it has kept so far."""

    def end(self) -> None:
        """Let go of what was begun; safe where nothing was."""


def installed(package: str, folder: Path) -> Path:
    """The programs of a package of the index, in an environment of its own that is made once. Raises CouldNotRun."""
    place = folder / package
    programs = place / "bin"
    if (place / "installed").exists():
        return programs
    print(f"installing {package} …", file=sys.stderr)
    venv.create(place, with_pip=True, clear=True)
    command = [str(programs / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", package]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["pip says nothing"])[-1]
        raise CouldNotRun(f"{package} could not be installed: {reason[:200]}")
    (place / "installed").touch()
    return programs
