"""Receivers from the configuration. A way to deliver is one file in this package and one line in `WAYS`."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from alerts.delivery import Channel, Receiver
from alerts.receivers import apprise, feed, file, mail, terminal, times, webhook
from alerts.receivers.place import Place
from alerts.rules import EVERYONE
from alerts.setting import Setting, SettingError


@dataclass(frozen=True, slots=True)
class _Way:
    """How a channel is made of a receiver's settings by key, and the keys that only it has beside its own."""

    channel: Callable[[Mapping[str, Setting], Place], Channel]
    beside: tuple[str, ...] = ()


WAYS = {
    "apprise": _Way(apprise.channel),
    "feed": _Way(feed.channel, beside=("feed_authority", "feed_url")),
    "file": _Way(file.channel),
    "mail": _Way(mail.channel),
    "terminal": _Way(terminal.channel),
    "webhook": _Way(webhook.channel, beside=("secret",)),
}

_KNOWN = (*WAYS, *(key for way in WAYS.values() for key in way.beside), *times.KEYS)


class ReceiverError(SettingError):
    """A receiver cannot be used; ``path`` starts with ``receivers``."""


def parse_receivers(raw: object, *, folder: Path, stream: TextIO, contact: str | None = None) -> tuple[Receiver, ...]:
    """The receivers of the configuration's ``receivers`` key, given as plain YAML values.

    Relative paths start at ``folder``; terminal receivers write to ``stream``; ``contact`` is a mail address or a URL
    of the owner. Raises ReceiverError.
    """
    place = Place(folder, stream, contact)
    entries = Setting(raw, ("receivers",), ReceiverError).entries()
    return tuple(_receiver(name, setting, place) for name, setting in entries.items())


def _receiver(name: str, setting: Setting, place: Place) -> Receiver:
    if name == EVERYONE or not name.strip():
        setting.refuse("a receiver needs a name of its own")
    keys = setting.mapping(known=_KNOWN)
    chosen = [way for way in keys if way in WAYS]
    if len(chosen) != 1:
        setting.refuse(f"must have exactly one of {', '.join(WAYS)}")
    way = WAYS[chosen[0]]
    for key in keys:
        if key not in (*chosen, *way.beside, *times.KEYS):
            keys[key].refuse(f"does not go with “{chosen[0]}”")
    schedule = times.parse_schedule(keys)
    return Receiver(
        name,
        schedule,
        way.channel(keys, replace(place, timezone=schedule.timezone)),
        written=json.dumps(setting.value, sort_keys=True, ensure_ascii=False),
    )
