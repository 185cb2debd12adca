"""Folders in which something happened once, for many tests to begin with: to live it anew takes as long each time."""

import shutil
from collections.abc import Callable
from pathlib import Path

from tests.cli.program import Program
from world.site import Site


class Kept:
    """What the first test of a file has lived. The others begin with a copy of its folder, and with its site as it was.

    The site outlives the tests, since the folder names its port.
    """

    def __init__(self, folder: Path, site: Site) -> None:
        self._folder = folder
        self._site = site

    def begin(self, program: Program, live: Callable[[], None]) -> Program:
        """The program, in a folder in which ``live`` has happened to the one person of the site."""
        if self._folder.exists():
            shutil.copytree(self._folder, program.folder, dirs_exist_ok=True)
            self._site.show(self._profile)
        else:
            live()
            shutil.copytree(program.folder, self._folder)
            self._profile = self._site.profile("1001")
        return program
