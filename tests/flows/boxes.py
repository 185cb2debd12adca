"""Receivers that do as they are told, and what waits for them.

>>> ada = Box()
>>> ada.refuses("the hook answered 404")
>>> store_news(store, "me", "On Bees", at=NOW)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event as Signal
from typing import Any

import yaml

from alerts.delivery import DeliveryError, Receiver
from alerts.item import item_of
from alerts.message import Message
from alerts.schedule import Schedule
from alerts.subject import Subject
from flows.config.whole import Settings
from flows.settings import load
from storage.store import Store
from tests.storage.builders import accepted, apply, event, followed, paper, watch
from tracking.alert import Verdict, VerdictKind
from tracking.event import EventKind

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ADA = Subject(person="Ada Example", source="scholarfeed", profile_url="https://example.org/author/1")


@dataclass(slots=True)
class Box:
    """A channel that keeps what it takes."""

    taken: list[Message] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    limit_seconds: float = 60.0
    _error: DeliveryError | None = None
    #: By the title of an item.
    _errors: dict[str, DeliveryError] = field(default_factory=dict)
    _released: Signal | None = None

    def takes(self) -> None:
        self._error = None

    def fails(self, text: str = "no connection", *, only: str | None = None, **how: Any) -> None:
        """From now on; ``only`` the messages with an item of that title."""
        error = DeliveryError(text, **how)
        if only is None:
            self._error = error
        else:
            self._errors[only] = error

    def refuses(self, text: str = "the hook answered 404") -> None:
        self.fails(text, permanent=True)

    def hangs(self) -> Signal:
        """Until the signal is set."""
        self._released = Signal()
        return self._released

    def send(self, message: Message) -> None:
        self.tried.append(message.id)
        if self._released is not None:
            self._released.wait()
        titles = [item["title"] for item in message.items]
        error = self._error or next((self._errors[title] for title in titles if title in self._errors), None)
        if error is not None:
            raise error
        self.taken.append(message)

    @property
    def titles(self) -> list[str]:
        return [item["title"] for message in self.taken for item in message.items]

    @property
    def kinds(self) -> list[str]:
        return [item["kind"] for message in self.taken for item in message.items]


def settings_for(folder: Path, boxes: Mapping[str, Box], **schedules: Schedule) -> Settings:
    """A configuration with these receivers and one rule, which tells of nothing that delivery itself has to say."""
    config = folder / "scholarwatch.yaml"
    config.write_text(yaml.safe_dump({"rules": [{"name": "new papers", "on": "paper.new"}]}), "utf-8")
    receivers = tuple(Receiver(name, schedules.get(name, Schedule()), box, written=name) for name, box in boxes.items())
    return replace(load(config), receivers=receivers)


def store_news(
    store: Store,
    receiver: str,
    title: str,
    *,
    at: datetime = NOW,
    digest_at: datetime | None = None,
) -> None:
    """A new paper that waits for a receiver, for a digest where a time is given."""
    store.follow([followed("Ada Example", "1")], at)
    of = watch(store)
    new = event(of, EventKind.PAPER_NEW, at, key=f"fp:{title}")
    new = replace(new, paper_title=title)
    verdict = Verdict(
        event_id=new.id,
        receiver=receiver,
        kind=VerdictKind.DIGEST if digest_at else VerdictKind.SENT,
        rules=("new papers",),
        why="rule “new papers”: a new paper",
        not_before=digest_at or at,
        item=item_of(new, ADA, "rule “new papers”: a new paper"),
    )
    intent = accepted(of, at, [paper(f"fp:{title}", title=title)], events=(new,))
    assert apply(store, intent, verdicts=[verdict]) == [True]
