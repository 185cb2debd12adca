"""What the sides of `storage.store.Store` share: the database, and which runs this process has begun."""

from storage.engine import Database
from storage.names import find_person


class Side:
    """The store is one class to its callers; its methods stand in files by what they are for."""

    def __init__(self, database: Database) -> None:
        self._database = database
        #: When the runs of this process began, by the clock that only measures.
        self._begun: dict[str, float] = {}

    def _person_id(self, name: str | None) -> int | None:
        """The id of the person that is meant; None for None. Raises UnknownPerson."""
        if name is None:
            return None
        with self._database.reading() as connection:
            return find_person(connection, name)
