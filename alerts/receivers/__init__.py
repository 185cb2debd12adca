"""Receivers from the configuration. A way to deliver is one file in this package and one line in `_CHANNELS`."""

from collections.abc import Callable
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from alerts.delivery import Channel, Receiver
from alerts.receivers import apprise, file, terminal
from alerts.receivers.place import Place
from alerts.rules import EVERYONE
from alerts.setting import Setting, SettingError

_CHANNELS: dict[str, Callable[[Setting, Place], Channel]] = {
    "apprise": apprise.channel,
    "file": file.channel,
    "terminal": terminal.channel,
}

_LATER_KEYS = ("quiet", "webhook", "secret")


class ReceiverError(SettingError):
    """A receiver cannot be used; ``path`` starts with ``receivers``."""


def parse_receivers(raw: object, *, folder: Path, stream: TextIO) -> tuple[Receiver, ...]:
    """The receivers of the configuration's ``receivers`` key, given as plain YAML values.

    Relative paths of files start at ``folder``; terminal receivers write to ``stream``. Raises ReceiverError.
    """
    place = Place(folder, stream)
    entries = Setting(raw, ("receivers",), ReceiverError).entries()
    return tuple(_receiver(name, setting, place) for name, setting in entries.items())


def _receiver(name: str, setting: Setting, place: Place) -> Receiver:
    if name == EVERYONE or not name.strip():
        setting.refuse("a receiver needs a name of its own")
    keys = setting.mapping(known=(*_CHANNELS, "timezone"), later=_LATER_KEYS)
    ways = [way for way in keys if way in _CHANNELS]
    if len(ways) != 1:
        setting.refuse(f"must have exactly one of {', '.join(_CHANNELS)}")
    zone = _timezone(keys["timezone"]) if "timezone" in keys else ZoneInfo("UTC")
    return Receiver(name, zone, _CHANNELS[ways[0]](keys[ways[0]], place))


def _timezone(setting: Setting) -> ZoneInfo:
    name = setting.text()
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        setting.refuse(f"no such time zone: “{name}”; use a name like Europe/Zurich")
