"""A message as it is read, before it is text or HTML: both are made of the same lines, and so they say the same.

Message → letter_of → Letter → text (`alerts.wording`) | HTML (`alerts.html`)
"""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a line is for whoever lays it out."""

    TITLE = "title"
    PLAIN = "plain"
    FAINT = "faint"
    """times and reasons"""
    LINK = "link"
    """what to open, by its name"""


@dataclass(frozen=True, slots=True)
class Line:
    """Text without control characters; what a site wrote has been made inert."""

    text: str
    role: Role = Role.PLAIN
    #: An http or https address; empty: none.
    address: str = ""
    #: Something to type; empty: nothing.
    command: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item."""

    head: str
    lines: tuple[Line, ...]
    #: Of the events that became this item.
    events: tuple[str, ...] = ()
    #: What the small chart of a metric shows, in words; empty: there is none.
    chart: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    #: Empty: the entries say themselves whom they are about.
    heading: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    #: One line of at most 150 characters.
    subject: str
    #: One line above all others; empty where the subject says all.
    summary: str
    sections: tuple[Section, ...]
    #: What is said below all of them.
    notes: tuple[Line, ...]
    footer: str
