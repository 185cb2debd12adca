"""The golden files: what each letter is in each channel, written down. To renew them after a look at the difference:

python -m tests.alerts.golden
"""

import io
import json
from collections.abc import Iterator
from pathlib import Path

from alerts.chart import charts_of
from alerts.html import html_of
from alerts.message import Message
from alerts.receivers import parse_receivers
from alerts.wording import wording_of
from tests.alerts.letters import ZURICH, letters

FOLDER = Path(__file__).with_name("golden")
RENEW = "python -m tests.alerts.golden"


def golden_files() -> dict[str, str]:
    """By name, what should stand in each."""
    found = {}
    subjects = []
    for name, message in letters().items():
        stem = name.replace(" ", "-")
        subjects.append(f"{name}: {wording_of(message, ZURICH).subject}\n")
        for suffix, text in _channels(message):
            found[f"{stem}.{suffix}"] = text
    return found | {"subjects.txt": "".join(subjects), "terminal.txt": _terminal(letters()["several at once"])}


def _channels(message: Message) -> Iterator[tuple[str, str]]:
    wording = wording_of(message, ZURICH)
    yield "txt", f"{wording.subject}\n\n{wording.body}\n"
    yield "html", html_of(message, ZURICH, {event: f"{event}@scholarwatch" for event in charts_of(message)})
    yield "json", json.dumps(message.to_json(), ensure_ascii=False, indent=2) + "\n"


def _terminal(message: Message) -> str:
    """What somebody at a terminal has before their eyes."""
    stream = io.StringIO()
    [receiver] = parse_receivers({"me": {"terminal": True}}, folder=FOLDER, stream=stream)
    receiver.send(message)
    return stream.getvalue()


def renew() -> None:
    """Write them anew."""
    FOLDER.mkdir(exist_ok=True)
    files = golden_files()
    for path in FOLDER.iterdir():
        if path.name not in files:
            path.unlink()
    for name, text in files.items():
        (FOLDER / name).write_text(text, "utf-8")


if __name__ == "__main__":
    renew()
