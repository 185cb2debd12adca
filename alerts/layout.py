"""What of a message is shown in full, in which order, and what is said around it."""

import shlex
from collections.abc import Sequence
from datetime import UTC, tzinfo

from alerts.entry import entry_of
from alerts.figures import counted, joined, moment, number
from alerts.inert import inert
from alerts.kinds import Item, is_of_a_person, people_of
from alerts.letter import Entry, Letter, Line, Role, Section
from alerts.message import Message
from alerts.sentences import shown, time_of
from alerts.subject_line import counts, subject_of, summary

_MOST_ITEMS = 20
_ABOUT_NOBODY = "Scholarwatch itself"


def letter_of(message: Message, zone: tzinfo) -> Letter:
    """At most 20 items in full, the number of the others and where they are, and the message's id.

    A digest says first what is in it, and groups what it shows by person.
    """
    items = shown_in_full(message)
    return Letter(
        subject=subject_of(message, zone),
        summary=summary(message.items) if message.digest else "",
        sections=_by_person(message, items, zone) if message.digest else (_together(message, items, zone),),
        notes=(*_hidden(message), *_absorbed(message)),
        footer=f"Scholarwatch, message {inert(message.id)} of {moment(message.created_at, zone)}",
    )


def shown_in_full(message: Message) -> Sequence[Item]:
    """The first items: those that matter most."""
    return message.items[:_MOST_ITEMS]


def _together(message: Message, items: Sequence[Item], zone: tzinfo) -> Section:
    return Section(heading="", entries=tuple(_entry(message, item, zone, named=True) for item in items))


def _by_person(message: Message, items: Sequence[Item], zone: tzinfo) -> tuple[Section, ...]:
    """By name; what several people share has a section of theirs, what is about nobody the last."""
    sections: dict[tuple[bool, str, str], list[Entry]] = {}
    for item in items:
        people = joined([shown(name) for name in people_of(item)])
        place = (not is_of_a_person(item), people.casefold(), people)
        sections.setdefault(place, []).append(_entry(message, item, zone, named=False))
    return tuple(
        Section(heading=_ABOUT_NOBODY if nobody else people, entries=tuple(sections[nobody, folded, people]))
        for nobody, folded, people in sorted(sections)
    )


def _entry(message: Message, item: Item, zone: tzinfo, *, named: bool) -> Entry:
    spells = next((message.histories[event] for event in item.get("events", ()) if event in message.histories), ())
    return entry_of(item, zone, spells, named=named)


def _hidden(message: Message) -> list[Line]:
    hidden = message.items[_MOST_ITEMS:]
    if not hidden:
        return []
    # A day of UTC, as the command reads it.
    since = min(time_of(item) for item in message.items).astimezone(UTC)
    command = shlex.join(["scholarwatch", "events", "--since", f"{since:%Y-%m-%d}"])
    return [Line(f"and {number(len(hidden))} more ({counts(hidden)}); to see all", command=command)]


def _absorbed(message: Message) -> list[Line]:
    if not message.absorbed:
        return []
    facts = f"{counted(message.absorbed, 'fact was', 'facts were')} read anew by a better parser"
    return [Line(f"{facts} since the last digest; nobody was told of them.", Role.FAINT)]
