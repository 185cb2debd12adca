"""One feed: its entries, the newest first, and what stays the same of it for good."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Self

from alerts.feeds.entry import FeedEntry

#: So many entries are kept.
ENTRIES_MAX = 200
_BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)
_VERSION = "https://jsonfeed.org/version/1.1"
#: Where a JSON Feed holds what the standard has no name for.
_OWN = "_scholarwatch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    #: What the ids of all its new entries begin with, and its own: ``tag:example.org,2026:``.
    tag: str
    id: str
    title: str
    entries: tuple[FeedEntry, ...] = ()

    @property
    def updated_at(self) -> datetime:
        """When something was told last; while nothing was, long ago."""
        return max((entry.at for entry in self.entries), default=_BEFORE_ALL)

    def with_entries(self, entries: Iterable[FeedEntry]) -> "Feed":
        """The feed with these entries too, those of one message in their order. The last 200 are kept.

        An entry that is there already gives way to one that is not older, and does not move for one that is the same.
        """
        known = {entry.id: entry for entry in self.entries}
        new = [entry for entry in entries if _tells_more(entry, known.get(entry.id))]
        renewed = {entry.id for entry in new}
        kept = [entry for entry in self.entries if entry.id not in renewed]
        newest_first = sorted([*new, *kept], key=lambda entry: entry.at, reverse=True)
        return replace(self, entries=tuple(newest_first[:ENTRIES_MAX]))

    def to_json(self, feed_url: str) -> dict[str, Any]:
        """A JSON Feed (https://www.jsonfeed.org/version/1.1/); ``feed_url`` is where it is, empty if nobody said."""
        return {
            "version": _VERSION,
            "title": self.title,
            **({"feed_url": feed_url} if feed_url else {}),
            "authors": [{"name": "Scholarwatch"}],
            "language": "en",
            _OWN: {"tag": self.tag, "id": self.id},
            "items": [entry.to_json() for entry in self.entries],
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """What `to_json` gave. Raises KeyError, ValueError or TypeError for something else."""
        return cls(
            tag=values[_OWN]["tag"],
            id=values[_OWN]["id"],
            title=values["title"],
            entries=tuple(FeedEntry.from_json(item) for item in values["items"]),
        )


def _tells_more(entry: FeedEntry, known: FeedEntry | None) -> bool:
    return known is None or (known.at <= entry.at and known != entry)
