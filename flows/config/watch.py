"""The section ``watch``: how long things may go wrong before somebody is told, and who hears from outside.

watch: {no_run_hours: 36, stale_cadences: 3, heartbeat: "${HEARTBEAT_URL}"}
"""

from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from alerts.setting import Setting
from tracking.watchfulness import USUAL_PATIENCE, Patience

_LONGEST_HOURS = 366 * 24
_MOST_CADENCES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchConfig:
    """What the file says of watching over the program itself."""

    patience: Patience = USUAL_PATIENCE
    #: Asked for after each run; who knows it can speak in the program's name.
    heartbeat: str | None = field(default=None, repr=False)


def parse_watch(section: Setting) -> WatchConfig:
    """Read the section. Raises SettingError."""
    if section.value is None:
        return WatchConfig()
    keys = section.mapping(known=("no_run_hours", "stale_cadences", "heartbeat"))
    return WatchConfig(
        patience=Patience(
            no_run=_hours(keys["no_run_hours"]) if "no_run_hours" in keys else USUAL_PATIENCE.no_run,
            stale_cadences=_count(keys["stale_cadences"], _MOST_CADENCES)
            if "stale_cadences" in keys
            else USUAL_PATIENCE.stale_cadences,
        ),
        heartbeat=_address(keys["heartbeat"]) if "heartbeat" in keys else None,
    )


def _hours(setting: Setting) -> timedelta:
    return timedelta(hours=_count(setting, _LONGEST_HOURS))


def _count(setting: Setting, most: int) -> int:
    number = setting.count(1)
    if number > most:
        setting.refuse(f"must be {most:,} or less")
    return number


def _address(setting: Setting) -> str | None:
    """A URL, which no message repeats: it is a secret."""
    if setting.value is None:
        return None
    address = setting.text()
    try:
        parts = urlsplit(address)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_web = False
    if not is_web or not address.isprintable() or " " in address:
        setting.refuse("must be a URL that begins with https:// or http://")
    return address
