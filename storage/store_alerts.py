"""One side of `storage.store.Store`: what people have silenced and seen, why they heard of something or did not."""

from datetime import datetime

from storage import silences
from storage.store_side import Side
from tracking.silence import Silence


class Alerts(Side):
    """What is asked of the ledger of verdicts, and what people have to say about it."""

    # ---- silences

    def silences(self, now: datetime) -> list[Silence]:
        """Those that hold at ``now``, in the order in which they were added."""
        with self._database.reading() as connection:
            return silences.silences(connection, now)

    def all_silences(self) -> list[Silence]:
        """Those that hold, those to come, and those that have ended, in the order in which they were added."""
        with self._database.reading() as connection:
            return silences.silences(connection)

    def add_silence(self, silence: Silence) -> Silence:
        """Store a silence, whatever its id is; it is given back with the id that it has from now on."""
        with self._database.writing() as connection:
            return silences.add_silence(connection, silence)

    def end_silence(self, silence_id: str, now: datetime) -> Silence:
        """Let a silence hold no longer than until ``now``; one that has ended stays as it is. Raises UnknownSilence."""
        with self._database.writing() as connection:
            return silences.end_silence(connection, silence_id, now)
