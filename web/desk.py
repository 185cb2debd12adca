"""What every page has at hand: the store, the configuration as it is now, the clock."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from flows.config.error import ConfigError
from flows.config.whole import Settings
from flows.settings import load
from storage.store import Store
from web.rehearsals import Rehearsals

#: Gives the time, aware.
Clock = Callable[[], datetime]


class Configuration:
    """The file as it is now. While it is not sound, what it said last holds, and `complaint` says what is wrong."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._seen = _stamp(settings)
        self._lock = threading.Lock()
        self.complaint = ""

    def now(self) -> Settings:
        """Read anew where the file has changed since it was read last."""
        with self._lock:
            stamp = _stamp(self._settings)
            if stamp != self._seen:
                self._seen = stamp
                self._read()
            return self._settings

    def _read(self) -> None:
        try:
            loaded = load(self._settings.config_path)
        except ConfigError as error:
            self.complaint = error.public
            return
        # A store is open: another database is for the next start.
        self._settings = replace(loaded, database=self._settings.database)
        self.complaint = ""


def _stamp(settings: Settings) -> tuple[int, int] | None:
    try:
        status = settings.config_path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    store: Store
    configuration: Configuration
    clock: Clock
    #: What somebody must know to come in; None: everybody may who can reach the address.
    token: str | None = field(default=None, repr=False)
    #: The names by which the server goes, without ports; empty: by any.
    hosts: frozenset[str] = frozenset()
    rehearsals: Rehearsals = field(default_factory=Rehearsals)
