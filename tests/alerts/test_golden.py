"""What each letter is in each channel, compared with what is written down in ``golden/``."""

import pytest

from tests.alerts.golden import FOLDER, RENEW, golden_files
from tests.alerts.letters import letters
from tracking.event import EventKind

FILES = golden_files()


@pytest.mark.parametrize("name", sorted(FILES))
def test_it_reads_as_written_down(name: str) -> None:
    path = FOLDER / name
    assert path.is_file(), f"{name} is not written down; if it should be: {RENEW}"
    assert FILES[name] == path.read_text("utf-8"), f"{name} reads otherwise; if it should: {RENEW}"


def test_nothing_else_is_written_down() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(FILES), f"to renew: {RENEW}"


def test_there_is_a_letter_of_every_kind() -> None:
    assert {str(kind) for kind in EventKind} <= set(letters())
