"""Who is at work: the process that holds a lock which only one can hold."""

from dataclasses import dataclass
from datetime import datetime

from tracking.minute import minute


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A process of some machine. What is not known of it is None: it has just begun, or is about to end."""

    machine: str | None = None
    process: int | None = None
    #: The time of its run.
    since: datetime | None = None

    def __str__(self) -> str:
        """Stands after a word: `` since 2026-11-22 06:30 UTC on lab1 (process 4711)``, or as much as is known."""
        since = "" if self.since is None else f" since {minute(self.since)}"
        machine = "" if self.machine is None else f" on {self.machine}"
        process = "" if self.process is None else f" (process {self.process})"
        return f"{since}{machine}{process}"


#: Somebody of whom nothing is known.
UNKNOWN = Holder()
