"""The terminal of whoever runs the program."""

import io
from pathlib import Path

import pytest

from alerts.delivery import DeliveryError
from alerts.receivers.terminal import TerminalChannel
from alerts.wording import wording_of
from tests.alerts.examples import message, paper_item


def test_subject_and_body() -> None:
    stream = io.StringIO()
    TerminalChannel(stream).send(message(paper_item()))
    wording = wording_of(message(paper_item()))
    assert stream.getvalue() == f"{wording.subject}\n\n{wording.body}\n\n"


def test_a_terminal_of_few_letters_shows_escapes() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", newline="")
    TerminalChannel(stream).send(message(paper_item(title="Naïve 因果")))
    assert b"  Na\\xefve \\u56e0\\u679c\n" in raw.getvalue()


def test_a_terminal_that_is_full_is_a_failed_delivery() -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("needs /dev/full")
    stream = full.open("w", encoding="utf-8")
    with pytest.raises(DeliveryError, match="cannot write to the terminal"):
        TerminalChannel(stream).send(message(paper_item()))
    with pytest.raises(OSError, match="No space"):
        stream.close()
