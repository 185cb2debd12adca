"""Receivers as the configuration writes them."""

import io
from datetime import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from alerts.delivery import Receiver
from alerts.receivers import ReceiverError, parse_receivers
from alerts.receivers.apprise import AppriseChannel
from alerts.receivers.file import FileChannel
from alerts.receivers.terminal import TerminalChannel
from alerts.schedule import Quiet, Schedule
from tests.alerts.examples import message, paper_item

FOLDER = Path("/etc/scholarwatch")
STREAM = io.StringIO()


def parse(raw: object) -> tuple[Receiver, ...]:
    return parse_receivers(raw, folder=FOLDER, stream=STREAM)


def test_every_form() -> None:
    utc, zurich = ZoneInfo("UTC"), ZoneInfo("Europe/Zurich")
    assert parse(
        {
            "log": {"file": "logs/alerts.jsonl"},
            "far": {"file": "/var/log/alerts.jsonl"},
            "here": {"terminal": True},
            "one": {"apprise": "json://127.0.0.1", "timezone": "Europe/Zurich"},
            "two": {"apprise": ["mailto://me@example.org", "https://hooks.example/x"]},
        }
    ) == (
        Receiver("log", Schedule(), FileChannel(FOLDER / "logs/alerts.jsonl")),
        Receiver("far", Schedule(), FileChannel(Path("/var/log/alerts.jsonl"))),
        Receiver("here", Schedule(), TerminalChannel(STREAM, utc)),
        Receiver("one", Schedule(timezone=zurich), AppriseChannel(("json://127.0.0.1",), zurich)),
        Receiver("two", Schedule(), AppriseChannel(("mailto://me@example.org", "https://hooks.example/x"), utc)),
    )


def test_when_and_how_much() -> None:
    keys = {"timezone": "Asia/Tokyo", "quiet": "22:00 – 7:00", "digest_at": "6:30", "digest_day": "Friday", "cap": 20}
    [receiver] = parse({"me": {"terminal": True} | keys})
    assert receiver.schedule == Schedule(
        timezone=ZoneInfo("Asia/Tokyo"),
        quiet=Quiet(begins=time(22), ends=time(7)),
        digest_at=time(6, 30),
        digest_weekday=4,
        cap=20,
    )


def test_another_configuration_has_another_fingerprint_and_the_same_the_same() -> None:
    [one, same, other] = parse(
        {
            "one": {"apprise": "json://me:s3cret@127.0.0.1", "timezone": "UTC"},
            "same": {"timezone": "UTC", "apprise": "json://me:s3cret@127.0.0.1"},
            "other": {"apprise": "json://me:an0ther@127.0.0.1", "timezone": "UTC"},
        }
    )
    assert one.fingerprint() == same.fingerprint()
    assert one.fingerprint() != other.fingerprint()
    assert len(one.fingerprint()) == 8


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        pytest.param(None, "receivers: must be a mapping of keys to values, not nothing", id="nothing"),
        pytest.param({"*": {"terminal": True}}, "receivers.*: a receiver needs a name of its own", id="everyone"),
        pytest.param({"me": "mailto://x"}, "receivers.me: must be a mapping", id="bare-address"),
        pytest.param({"me": {}}, "receivers.me: must have exactly one of apprise, feed, file, mail,", id="no-way"),
        pytest.param({"me": {"file": "a", "terminal": True}}, "receivers.me: must have exactly one of", id="two-ways"),
        pytest.param({"me": {"fiel": "a"}}, "receivers.me.fiel: unknown key; did you mean “file”?", id="typo"),
        pytest.param({"me": {"file": "a", "quiet": "22-07"}}, "receivers.me.quiet: must be two times", id="quiet"),
        pytest.param(
            {"me": {"file": "a", "quiet": "22:00-24:00"}}, "receivers.me.quiet: must be a time", id="midnight"
        ),
        pytest.param(
            {"me": {"file": "a", "quiet": "7:00-07:00"}}, "receivers.me.quiet: begins when", id="always-quiet"
        ),
        pytest.param({"me": {"file": "a", "digest_at": "8"}}, "receivers.me.digest_at: must be a time", id="digest"),
        pytest.param({"me": {"file": "a", "digest_at": "08:60"}}, "receivers.me.digest_at: must be", id="minute"),
        pytest.param({"me": {"file": "a", "digest_day": "mon"}}, "receivers.me.digest_day: no such day", id="day"),
        pytest.param({"me": {"file": "a", "cap": 0}}, "receivers.me.cap: must be a whole number, 1 or more", id="cap"),
        pytest.param({"me": {"file": "a", "cap": True}}, "receivers.me.cap: must be a whole number", id="cap-flag"),
        pytest.param({"me": {"file": ""}}, "receivers.me.file: must not be empty", id="no-path"),
        pytest.param({"me": {"file": "~/a"}}, "receivers.me.file: “~” is not expanded", id="home"),
        pytest.param({"me": {"terminal": False}}, "receivers.me.terminal: must be true; leave", id="terminal-off"),
        pytest.param(
            {"me": {"terminal": "stderr"}}, "receivers.me.terminal: must be true or false", id="terminal-text"
        ),
        pytest.param({"me": {"apprise": []}}, "receivers.me.apprise: must name at least one", id="no-address"),
        pytest.param(
            {"me": {"apprise": ["json://a", "b"]}}, "receivers.me.apprise[1]: must be an address like", id="no-scheme"
        ),
        pytest.param(
            {"me": {"terminal": True, "timezone": "Mars/Base"}},
            "receivers.me.timezone: no such time zone: “Mars/Base”",
            id="zone",
        ),
        pytest.param(
            {"me": {"terminal": True, "timezone": "../etc/passwd"}},
            "receivers.me.timezone: no such time zone",
            id="zone-path",
        ),
        pytest.param(
            {"me": {"terminal": True, "timezone": "Europe"}},
            "receivers.me.timezone: no such time zone",
            id="zone-folder",
        ),
    ],
)
def test_refusals(raw: Any, complaint: str) -> None:
    with pytest.raises(ReceiverError) as caught:
        parse(raw)
    assert str(caught.value).startswith(complaint)


def test_a_receiver_sends_through_its_channel() -> None:
    stream = io.StringIO()
    [receiver] = parse_receivers({"me": {"terminal": True}}, folder=FOLDER, stream=stream)
    receiver.send(message(paper_item()))
    assert stream.getvalue().startswith("New paper by Ada Moreno: Patient Verifiers")


def test_an_address_is_never_shown() -> None:
    with pytest.raises(ReceiverError) as caught:
        parse({"me": {"apprise": "s3cret-token"}})
    assert "s3cret" not in str(caught.value)
    assert "s3cret" not in repr(parse({"me": {"apprise": "mailto://me:s3cret@example.org"}}))
