"""Which of what waits goes into which message: decided in one place, for what is sent and for what is rehearsed."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar


class Waiting(Protocol):
    """An event that may go out to a receiver now."""

    @property
    def receiver(self) -> str: ...

    @property
    def topic(self) -> str: ...

    @property
    def digest(self) -> bool: ...

    @property
    def not_before(self) -> datetime | None: ...


_W = TypeVar("_W", bound=Waiting)


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed(Generic[_W]):
    """What becomes of entries that may go out; the others go on waiting."""

    #: Those that make one message, all of one receiver and all of a digest or none.
    messages: tuple[tuple[_W, ...], ...]
    #: Their receiver has been told of them by then.
    repeated: tuple[_W, ...]
    #: They would go at once, and wait for the digest: their receiver has had its fill.
    put_off: tuple[_W, ...]


def put_together(
    waiting: Sequence[_W],
    told: Set[tuple[str, str]],
    *,
    full: Collection[str] = (),
    last_digests: Mapping[str, datetime] | None = None,
) -> Composed[_W]:
    """For each receiver one message of what goes at once, and one digest; what goes at once is not repeated in it.

    ``told`` are receivers with topics of which they were told. ``full`` are those that had as many messages at once as
    they may; ``last_digests`` is when the digest of the period was put together, of those that had one: what was for
    that one waits for the next.
    """
    known = set(told)
    messages: list[tuple[_W, ...]] = []
    repeated: list[_W] = []
    put_off: list[_W] = []
    for digest in (False, True):
        groups: defaultdict[str, list[_W]] = defaultdict(list)
        for entry in waiting:
            if entry.digest is digest:
                is_told = (entry.receiver, entry.topic) in known
                (repeated if is_told else groups[entry.receiver]).append(entry)
        for receiver, entries in groups.items():
            if not digest and receiver in full:
                put_off += entries
                continue
            last = (last_digests or {}).get(receiver) if digest else None
            message = tuple(entry for entry in entries if last is None or (entry.not_before or last) > last)
            if message:
                messages.append(message)
                known |= {(receiver, entry.topic) for entry in message}
    return Composed(messages=tuple(messages), repeated=tuple(repeated), put_off=tuple(put_off))
