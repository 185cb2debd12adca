"""A message in plain words: a subject of one line, and a body."""

from dataclasses import dataclass
from datetime import UTC, tzinfo

from alerts.layout import letter_of
from alerts.letter import Entry, Letter, Line, Role
from alerts.message import Message


@dataclass(frozen=True, slots=True)
class Wording:
    """Plain text without control characters, but for the line ends of the body."""

    subject: str
    body: str


def wording_of(message: Message, zone: tzinfo = UTC) -> Wording:
    """The message as a person reads it, its times in the zone given; see `alerts.layout.letter_of`."""
    letter = letter_of(message, zone)
    return Wording(letter.subject, "\n\n".join(_blocks(letter)))


def _blocks(letter: Letter) -> list[str]:
    blocks = [letter.summary] if letter.summary else []
    for section in letter.sections:
        blocks += [f"— {section.heading} —"] if section.heading else []
        blocks += [text_of(entry) for entry in section.entries]
    return [*blocks, *(_line(note) for note in letter.notes), letter.footer]


def text_of(entry: Entry) -> str:
    """An entry as lines, those below its head indented."""
    return "\n".join([entry.head, *(f"  {_line(line)}" for line in entry.lines)])


def _line(line: Line) -> str:
    if line.role is Role.LINK:
        return f"{line.text}: {line.address}"
    return f"{line.text}: {line.command}" if line.command else line.text
