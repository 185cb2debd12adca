"""One side of `storage.store.Store`: backups, what is let go of, and what waits to be delivered."""

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

from storage import (
    locks,
    messages,
    outbox,
)
from storage.absorbed import absorbed
from storage.backup import Backup, Progress, back_up
from storage.engine import Database
from storage.notes import record_notes
from storage.receivers import forget_receiver, keep_receiver, receiver_states
from storage.retention import Retired, retire_pages
from storage.store_side import Side
from storage.vacuum import Vacuumed, vacuum
from tracking.alert import Allowance, PendingMessage
from tracking.receiver import Aftermath, ReceiverState


class Keeping(Side):
    """Backups, what is let go of, and what waits to be delivered."""

    # ---- keeping

    def backup(self, path: Path, now: datetime, *, progress: Progress | None = None) -> Backup:
        """Write all that is stored to a new file, while others go on writing. Raises BackupError, OSError."""
        return back_up(self._database, path, now=now, progress=progress)

    @classmethod
    def restore(cls, database: str, path: Path, *, progress: Progress | None = None) -> Backup:
        """Bring a backup into a database in which there is nothing: all or nothing. Raises BackupError, OSError."""
        from storage.restoring import restore

        opened = Database.at(database)
        try:
            return restore(opened, path, progress=progress)
        finally:
            opened.engine.dispose()

    def retire_pages(
        self,
        before: datetime,
        *,
        now: datetime,
        keep_told: bool = True,
        dry_run: bool = False,
        progress: Progress | None = None,
    ) -> Retired:
        """Let go of the raw pages that no check has seen since ``before``, see `storage.retention`."""
        return retire_pages(self._database, before, now=now, keep_told=keep_told, dry_run=dry_run, progress=progress)

    def vacuum(self) -> Vacuumed:
        """Delete what nothing refers to, and give back the room that is free."""
        return vacuum(self._database)

    # ---- delivery

    def delivery_lock(self) -> AbstractContextManager[None]:
        """Wait until no other process delivers from this database, then be the one."""
        return locks.waiting_for(self._database, locks.Lock.DELIVERING)

    def undelivered(self, now: datetime, allowances: Mapping[str, Allowance] | None = None) -> list[PendingMessage]:
        """Put what waits into messages, and give every message that may be tried now; the oldest first.

        ``allowances`` say, by name, which receivers may not be sent anything that is there.
        """
        with self._database.writing() as connection:
            outbox.compose(connection, now, allowances or {})
            return messages.pending(connection, now, outbox.closed_receivers(allowances or {}))

    def waiting_to_go_out(self, now: datetime) -> int:
        """How many events a delivery would send now that none has tried to send."""
        with self._database.reading() as connection:
            return outbox.waiting_to_go_out(connection, now)

    def failed_before(self, receiver: str, now: datetime) -> list[PendingMessage]:
        """The messages to a receiver that wait for their next try, but for those that it refused; the oldest first."""
        with self._database.reading() as connection:
            return messages.failed_before(connection, receiver, now)

    def absorbed(self, receiver: str, until: datetime) -> int:
        """How many facts a better parser read anew, untold, since the receiver's last digest before ``until``."""
        with self._database.reading() as connection:
            return absorbed(connection, receiver, until)

    def delivered(self, message_id: str, now: datetime, *, receiver: ReceiverState | None = None) -> None:
        """Note that a message arrived; ``receiver`` is how the receiver stands now, where that has changed."""
        with self._database.writing() as connection:
            messages.mark_delivered(connection, message_id, now)
            if receiver is not None:
                keep_receiver(connection, receiver)

    def failed(
        self,
        message_id: str,
        now: datetime,
        error: str,
        next_try_at: datetime | None,
        *,
        refused: bool = False,
        taken: Collection[str] = (),
        aftermath: Aftermath | None = None,
    ) -> None:
        """Note a try that failed, see `storage.messages.mark_failed`, and what it leads to."""
        with self._database.writing() as connection:
            messages.mark_failed(connection, message_id, now, error, next_try_at, refused=refused, taken=taken)
            if aftermath is not None:
                record_notes(connection, aftermath.notes, aftermath.verdicts, int(aftermath.run_id), now)
                if aftermath.receiver is not None:
                    keep_receiver(connection, aftermath.receiver)

    def receiver_states(self) -> dict[str, ReceiverState]:
        """By name, those receivers that something is held against."""
        with self._database.reading() as connection:
            return receiver_states(connection)

    def switch_on(self, receiver: str) -> bool:
        """Hold nothing against a receiver any more: one that is off is tried again. False where nothing was."""
        with self._database.writing() as connection:
            return forget_receiver(connection, receiver)
