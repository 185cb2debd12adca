"""One entry of a feed: an item of a message."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from html import escape
from typing import Any, Self

from alerts.entry import entry_of
from alerts.inert import inert
from alerts.kinds import Item, is_of_a_person, people_of
from alerts.letter import Entry, Line
from alerts.message import Message
from alerts.subject_line import subject_of
from alerts.wording import text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """All texts are inert; ``html`` is a fragment that runs nothing and fetches nothing."""

    id: str
    title: str
    text: str
    html: str
    #: When its message was made.
    at: datetime
    url: str = ""
    tags: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """An item of a JSON Feed."""
        known = {
            "id": self.id,
            "title": self.title,
            "content_text": self.text,
            "content_html": self.html,
            "date_published": self.at.isoformat(),
            "url": self.url,
            "tags": list(self.tags),
        }
        return {name: value for name, value in known.items() if value}

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> Self:
        """What `to_json` gave. Raises KeyError, ValueError or TypeError for something else."""
        return cls(
            id=item["id"],
            title=item["title"],
            text=item["content_text"],
            html=item["content_html"],
            at=datetime.fromisoformat(item["date_published"]),
            url=item.get("url", ""),
            tags=tuple(item.get("tags", ())),
        )


def entry_in_feed(message: Message, item: Item, zone: tzinfo, entry_id: str) -> FeedEntry:
    """The item as a feed shows it."""
    entry = entry_of(item, zone)
    people = [inert(name) for name in people_of(item)] if is_of_a_person(item) else []
    words = [*people, *(inert(tag) for tag in item.get("tags", ())), str(item["kind"])]
    return FeedEntry(
        id=entry_id,
        title=subject_of(replace(message, items=(item,), digest=False), zone),
        text=text_of(entry),
        html="".join(_paragraphs(entry)),
        at=message.created_at,
        url=next((line.address for line in entry.lines if line.address), ""),
        tags=tuple(dict.fromkeys(words)),
    )


def _paragraphs(entry: Entry) -> Iterator[str]:
    yield f"<p><strong>{escape(entry.head)}</strong></p>"
    for line in entry.lines:
        yield f"<p>{_phrase(line)}</p>"


def _phrase(line: Line) -> str:
    text = escape(line.text)
    if line.address:
        text = f'<a href="{escape(line.address)}">{text}</a>'
    return f"{text}: <code>{escape(line.command)}</code>" if line.command else text
