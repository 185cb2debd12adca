"""Feeds in a folder: one of everything, and one for each person, tag and rule.

reader: {feed: feeds/, feed_url: "https://lab.example.org/feeds/"}
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo

from alerts.delivery import Channel, DeliveryError
from alerts.feeds.entry import FeedEntry, entry_in_feed
from alerts.feeds.folder import ALL, FeedError, Folder
from alerts.feeds.names import authority_of, file_name
from alerts.inert import inert, web_address
from alerts.kinds import Item, is_of_a_person
from alerts.message import Message
from alerts.receivers.place import Place
from alerts.setting import Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedChannel:
    folder: Folder
    #: In whose name ids are given.
    authority: str
    zone: tzinfo = UTC
    limit_seconds: float = 60.0

    def send(self, message: Message) -> None:
        """An entry for each item; one that is there already is not written twice."""
        try:
            with self.folder.locked():
                tag = self.folder.tag(self.authority, message.created_at.year)
                for (name, title), entries in self._by_feed(message, tag).items():
                    self.folder.add(name, title, tag, entries)
        except OSError as error:
            place = error.filename or self.folder.path
            raise DeliveryError(f"cannot write {place}: {error.strerror or error}") from error
        except FeedError as error:
            raise DeliveryError(str(error)) from error

    def _by_feed(self, message: Message, tag: str) -> Mapping[tuple[str, str], list[FeedEntry]]:
        """The entries by name and title of the feeds that they belong to; that of everything comes first."""
        feeds: defaultdict[tuple[str, str], list[FeedEntry]] = defaultdict(list)
        feeds[ALL, "Scholarwatch"] = []
        for item in message.items:
            entry = entry_in_feed(message, item, self.zone, f"{tag}scholarwatch/{item['events'][0]}")
            for feed in self._feeds_of(item):
                feeds[feed].append(entry)
        return feeds

    def _feeds_of(self, item: Item) -> Iterator[tuple[str, str]]:
        yield ALL, "Scholarwatch"
        path = self.folder.path
        if is_of_a_person(item):
            for key, person in item.get("person_keys", {}).items():
                yield file_name(path, "people", person, key), f"Scholarwatch: {inert(person)}"
            for tag in item.get("tags", ()):
                yield file_name(path, "tags", tag, tag), f"Scholarwatch: {inert(tag)}"
        for rule in item.get("rules", ()):
            yield file_name(path, "rules", rule, rule), f"Scholarwatch: rule “{inert(rule)}”"


def channel(keys: Mapping[str, Setting], place: Place) -> Channel:
    """From the folder, relative to the configuration's, and who gives the ids beside it."""
    return FeedChannel(
        folder=Folder(place.path(keys["feed"]), _url(keys["feed_url"]) if "feed_url" in keys else ""),
        authority=_authority(keys, place),
        zone=place.timezone,
    )


def _url(setting: Setting) -> str:
    url = setting.text()
    if not web_address(url):
        setting.refuse("must be the address at which the folder is shown, like “https://lab.example.org/feeds/”")
    return url if url.endswith("/") else f"{url}/"


def _authority(keys: Mapping[str, Setting], place: Place) -> str:
    if (said := keys.get("feed_authority")) is not None:
        if "://" in said.text() or not authority_of(said.text()):
            said.refuse("must be a mail address or a domain of yours, like “lab.example.org”")
        return authority_of(said.text())
    if not (authority := authority_of(place.contact or "")):
        keys["feed"].refuse(
            "needs an owner for the ids of its entries: write “feed_authority: lab.example.org” beside it, or a mail "
            "address into “user_agent” under “fetch”"
        )
    return authority
