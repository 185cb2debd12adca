"""One side of `storage.store.Store`: lists for programs, piece by piece, and what feeds are made of."""

from storage import listing, told
from storage.names import find_person
from storage.store_side import Side
from tracking.listing import WantedEvents
from tracking.told import ToldLately, WantedTold
from tracking.view import EventView, RunView


class Listing(Side):
    """Every answer is as long as it was asked to be, whatever lies in the database."""

    def listed_events(self, wanted: WantedEvents) -> list[EventView]:
        """A piece of the list of events; see `tracking.listing`."""
        with self._database.reading() as connection:
            return listing.events(connection, wanted)

    def listed_runs(self, *, before: int | None = None, limit: int) -> list[RunView]:
        """A piece of the list of runs, the newest first; ``before`` is the id of the last one had."""
        with self._database.reading() as connection:
            return listing.runs(connection, before, limit)

    def find_person(self, asked: str) -> int:
        """The id of the person who is meant by a name or a part of it, a URL or a key. Raises UnknownPerson."""
        with self._database.reading() as connection:
            return find_person(connection, asked)

    def told(self, wanted: WantedTold) -> ToldLately:
        """What rules have asked for lately, whoever is told of it."""
        with self._database.reading() as connection:
            return told.told(connection, wanted)
