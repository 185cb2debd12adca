"""The store: the one door to this room. Values of `tracking` go in and come out, rows never do.

>>> with Store.open("scholarwatch.db") as store:
...     store.follow(people, now)
...     run_id = store.begin_run("track", now)
...     watches = store.due(now, cadence=Cadences())
...     store.apply(decisions, run_id=run_id, recorded_at=now)
"""

from collections.abc import Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

from storage import configuration, following
from storage.engine import Database
from storage.schema import open_schema
from storage.store_alerts import Alerts
from storage.store_browsing import Browsing
from storage.store_checks import Checks
from storage.store_keeping import Keeping
from storage.store_listing import Listing
from storage.store_past import Past
from storage.store_shards import Shards
from storage.store_views import Views
from storage.store_watching import Watching
from tracking.following import KnownFollowing
from tracking.view import FollowedPerson, Following, KeptConfiguration


class Store(Checks, Past, Keeping, Views, Browsing, Listing, Alerts, Watching, Shards):
    """Every method is one transaction (reading many things may be several) and may raise StoreError.

    Times are aware; a naive one raises ValueError. A store may be used by several threads.
    """

    @classmethod
    def open(cls, database: str) -> Self:
        """``scholarwatch.db``, a path, ``sqlite:///…`` or ``postgresql+psycopg://…``; created or migrated if needed.

        Raises StoreError when it can not be opened, is newer than this program, or belongs to another one.
        """
        return cls._open(database, create=True)

    @classmethod
    def open_existing(cls, database: str) -> Self:
        """Like `open`, but where there is no database yet this is a StoreError, and none is created."""
        return cls._open(database, create=False)

    @classmethod
    def open_current(cls, database: str) -> Self:
        """Like `open_existing`, but an older database is a StoreError too: who only watches changes nothing."""
        return cls._open(database, create=False, migrate=False)

    @classmethod
    def _open(cls, address: str, *, create: bool, migrate: bool = True) -> Self:
        database = Database.at(address)
        try:
            open_schema(database, create=create, migrate=migrate)
        except BaseException:
            database.engine.dispose()
            raise
        return cls(database)

    def close(self) -> None:
        self._database.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    # ---- following

    def follow(self, people: Sequence[FollowedPerson], now: datetime) -> Following:
        """Take over a whole configuration: add, restore, move, rename, retire. Nothing is deleted."""
        with self._database.writing() as connection:
            return following.follow(connection, people, now)

    def known_following(self) -> KnownFollowing:
        """Everybody who is or was followed, to be compared with a configuration."""
        with self._database.reading() as connection:
            return following.known_following(connection)

    # ---- the configuration

    def keep_configuration(self, text: str, at: datetime) -> None:
        """Remember the configuration that was found sound last, as it may be kept: without secrets."""
        with self._database.writing() as connection:
            configuration.keep(connection, text, at)

    def kept_configuration(self) -> KeptConfiguration | None:
        """The one that was found sound last; None: none was yet, or it could not be kept."""
        with self._database.reading() as connection:
            return configuration.kept(connection)
