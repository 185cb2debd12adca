"""What the tests of the command line share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.days import monday
from tests.cli.kept import Kept
from tests.cli.program import Program
from world.site import Site


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Program:
    return Program(tmp_path, monkeypatch, capsys)


@pytest.fixture
def site() -> Iterator[Site]:
    """A site on its first day, see `tests.cli.days`."""
    with Site() as site:
        monday(site)
        yield site


@pytest.fixture(scope="module")
def lasting_site() -> Iterator[Site]:
    """For the tests of one file, one after another."""
    with Site() as site:
        yield site


@pytest.fixture(scope="module")
def kept(lasting_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """What the first test of a file that wants it has lived, of the site that lasts."""
    return Kept(tmp_path_factory.mktemp("kept") / "folder", lasting_site)
