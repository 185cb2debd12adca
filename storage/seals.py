"""Seals: a hash of what a row says of the world, for what no page can say again.

Events, facts and readings are proven by computing them once more. What an answer looked like, when it was recorded, and
what a receiver was told can only be compared with what was written down: each such row carries 16 bytes of BLAKE2b over
its lasting columns. A row without them was recorded before there were seals.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

_SIZE = 16
#: A snapshot's page and reading are told by their hashes: these say what the blobs must hold.
_SNAPSHOT = (
    "profile_id",
    "observed_at",
    "recorded_at",
    "run_id",
    "origin",
    "place",
    "parser",
    "complete",
    "url",
    "status",
    "headers",
)
_EVENT = (
    "id",
    "profile_id",
    "kind",
    "cause",
    "paper_id",
    "paper_title",
    "field",
    "before",
    "after",
    "since",
    "observed_at",
    "recorded_at",
    "run_id",
)
#: The topic follows the paper's key, which may change until the message is written.
_OUTBOX = ("receiver", "event_id", "rules", "item")


def seal_of_snapshot(row: Mapping[str, Any], page_sha256: bytes, reading_sha256: bytes) -> bytes:
    """The seal of a row of ``snapshot``; absent columns are NULL."""
    return _seal(row, _SNAPSHOT, page_sha256.hex(), reading_sha256.hex())


def seal_of_event(row: Mapping[str, Any]) -> bytes:
    """The seal of a row of ``event``."""
    return _seal(row, _EVENT)


def seal_of_entry(row: Mapping[str, Any]) -> bytes:
    """The seal of a row of ``outbox``."""
    return _seal(row, _OUTBOX)


def _seal(row: Mapping[str, Any], columns: tuple[str, ...], *beside: str) -> bytes:
    values = [*(_canonical(row.get(name)) for name in columns), *beside]
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=_SIZE).digest()


def _canonical(value: Any) -> Any:
    """The same for what was written and for what is read: SQLite makes 98 of the JSON number 98.0."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case float() if value.is_integer():
            return int(value)
        case list() | tuple():
            return [_canonical(part) for part in value]
        case Mapping():
            return {name: _canonical(part) for name, part in value.items()}
    return value
