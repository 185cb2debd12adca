"""What a program that watches this one asks, each time anew. It changes nothing, not even an old schema.

monitor = Monitor(config=None, database=None)
monitor.health(now).is_well
monitor.metrics(now)               # for Prometheus
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Lock

from flows.configured import Configured, configured
from flows.health import Health, health_of
from flows.metrics import Measured, exposition, measured
from flows.settings import config_path, database_somehow
from storage.store import Store


class Monitor:
    """Every method may raise StoreError, and ConfigError where nobody knows which database it is."""

    def __init__(self, config: Path | None, database: str | None) -> None:
        """As the command line says them."""
        self._config = config
        self._database = database
        self._lock = Lock()
        self._read: tuple[object, Configured] | None = None

    def be_ready(self) -> None:
        """Raise StoreError unless the database answers and has the schema of this program."""
        with self._store():
            pass

    def health(self, now: datetime) -> Health:
        """How the program stands."""
        found = self._configured()
        with self._store() as store:
            return health_of(store.vitals(now), found.patience, now, broken=found.broken)

    def metrics(self, now: datetime) -> bytes:
        """All metrics, in the text format of Prometheus."""
        found = self._configured()
        with self._store() as store:
            return exposition(store, now, found)

    def measured(self, now: datetime) -> Measured:
        """All metrics, as values."""
        found = self._configured()
        with self._store() as store:
            return measured(store, now, found)

    @contextmanager
    def _store(self) -> Iterator[Store]:
        with Store.open_current(database_somehow(self._config, database=self._database)) as store:
            yield store

    def _configured(self) -> Configured:
        """Read when it is first asked for, and again after the file has changed: it may be long."""
        with self._lock:
            state = _state(config_path(self._config))
            if self._read is None or self._read[0] != state:
                self._read = state, configured(self._config, database=self._database)
            return self._read[1]


def _state(path: Path) -> tuple[int, int, int] | None:
    """Another one where the file is another; None: it cannot be had."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
