"""Feeds for whoever asks, made of what is on record; `alerts.receivers.feed` writes the same into a folder."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from urllib.parse import quote

from alerts.compose import compose
from alerts.feeds.entry import FeedEntry, entry_in_feed
from alerts.feeds.feed import Feed
from alerts.feeds.names import authority_of
from flows.config.fetching import contact_in
from flows.config.whole import Settings
from storage.store import Store
from tracking.alert import PendingMessage
from tracking.told import ToldLately, WantedTold

#: Any year will do in which the owner had the authority; it stays the same for good.
_YEAR = 2026
_NOBODY = "localhost"


def feed_of(store: Store, settings: Settings, wanted: WantedTold, name: str, title: str) -> Feed:
    """What rules have asked for, whoever is told, each thing once; ``name`` tells the feed from others for good."""
    authority = authority_of(contact_in(settings.fetch.user_agent) or "") or _NOBODY
    tag = f"tag:{authority},{_YEAR}:"
    feed = Feed(tag=tag, id=f"{tag}scholarwatch/{quote(name)}", title=title)
    return feed.with_entries(_entries(store.told(wanted), tag))


def _entries(told: ToldLately, tag: str) -> Iterator[FeedEntry]:
    """An entry for each item that one message with all of it would have, as of when the last of it was recorded."""
    if not told.entries:
        return
    whole = compose(
        PendingMessage(
            id="",
            receiver="",
            created_at=max(told.recorded_at.values()),
            digest=False,
            attempts=0,
            entries=told.entries,
        )
    )
    for item in whole.items:
        at = max(told.recorded_at[event_id] for event_id in item["events"])
        message = replace(whole, created_at=at)
        yield entry_in_feed(message, item, UTC, f"{tag}scholarwatch/{item['events'][0]}")
