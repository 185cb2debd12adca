"""Logs, for whoever asks for them: a line for each check, each message and each run.

SCHOLARWATCH_LOG_FORMAT=json scholarwatch run

{"time": "2026-11-22T09:00:03.125+00:00", "level": "INFO", "event": "check", "message": "check of Ada Example: ok",
 "run": "7", "host": "www.scholarfeed.org", "profile": "https://…", "outcome": "ok", "elapsed_seconds": 0.412}

Without being asked, the program logs nothing: what there is to say to people it prints, and what it did is in its
manifests.
"""

import json
import logging
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flows.redaction import guard_logs, redacted, redacted_values

#: Libraries log under names of their own; below ``scholarwatch`` there is only this program.
LOG = logging.getLogger("scholarwatch")
#: Until somebody asks, nothing is written, not even by the handler of last resort.
LOG.addHandler(logging.NullHandler())
# Nor by handlers of the root, which Prefect sets up where it is imported: each line would come twice.
LOG.propagate = False

_FIELDS = "scholarwatch_fields"


class LogFormat(StrEnum):
    TEXT = "text"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class LogWish:
    """How somebody wants the log; ``file`` None: on standard error."""

    format: LogFormat
    file: Path | None = None


def wish_of(form: LogFormat | None, file: Path | None) -> LogWish | None:
    """What somebody has said comes to; a file alone is JSON."""
    return None if form is None and file is None else LogWish(form or LogFormat.JSON, file)


class _Handler:
    """The handler that is at work, so that whoever starts logging again does not double it."""

    current: logging.Handler | None = None


def start_logging(wish: LogWish | None) -> None:
    """Write the log as it is wished; None: not at all. Raises OSError where the file cannot be written."""
    guard_logs()
    if _Handler.current is not None:
        LOG.removeHandler(_Handler.current)
        _Handler.current.close()
        _Handler.current = None
    if wish is None:
        return
    # Another program may move the file away and expect a new one.
    handler = (
        logging.StreamHandler(sys.stderr) if wish.file is None else WatchedFileHandler(wish.file, encoding="utf-8")
    )
    handler.setFormatter(_JsonLines() if wish.format is LogFormat.JSON else _TextLines())
    _Handler.current = handler
    LOG.addHandler(handler)
    LOG.setLevel(logging.INFO)


def ensure_logging(wish: LogWish | None) -> None:
    """`start_logging`, unless it was started in this process before: who has called a flow may want another log."""
    guard_logs()
    if wish is not None and _Handler.current is None:
        start_logging(wish)


def log(event: str, message: str, *, level: int = logging.INFO, **fields: object) -> None:
    """One line: what happened, in a word and in a sentence, with the values that belong to it."""
    LOG.log(level, "%s", message, extra={_FIELDS: {"event": event, **fields}})


def log_check(
    run_id: str, person: str, url: str, *, outcome: str, detail: str, elapsed_seconds: float, events: int
) -> None:
    """A check that was written."""
    if not LOG.isEnabledFor(logging.INFO):
        return
    log(
        "check",
        f"check of {person or url}: {outcome.replace('_', ' ')}",
        run=run_id,
        host=urlsplit(url).netloc,
        profile=url,
        person=person,
        outcome=outcome,
        detail=detail,
        events=events,
        elapsed_seconds=round(elapsed_seconds, 3),
    )


def log_message(run_id: str, receiver: str, message_id: str, *, error: str | None, elapsed_seconds: float) -> None:
    """A message that was delivered, or was not."""
    log(
        "message",
        f"message {message_id} to {receiver}: {error or 'delivered'}",
        level=logging.INFO if error is None else logging.WARNING,
        run=run_id,
        receiver=receiver,
        id=message_id,
        outcome="delivered" if error is None else "failed",
        error=error,
        elapsed_seconds=round(elapsed_seconds, 3),
    )


def log_error(message: str, error: BaseException | None = None) -> None:
    """What keeps the program from going on, with its traceback if there is one to be shown."""
    LOG.error("%s", message, exc_info=error, extra={_FIELDS: {"event": "error"}})


def log_run(manifest: Mapping[str, Any]) -> None:
    """A run that has ended: its manifest, without the list of what failed, which has lines of its own."""
    fields = {name: value for name, value in manifest.items() if name not in ("kind", "failures", "now")}
    state = str(manifest.get("state", ""))
    level = logging.WARNING if state == "degraded" else logging.INFO
    log("run", f"{manifest['kind']} {manifest.get('run', '')}: {state}", level=level, kind=manifest["kind"], **fields)


class _JsonLines(logging.Formatter):
    """One JSON object on a line, with the fields of the line beside what every line has."""

    def format(self, record: logging.LogRecord) -> str:
        fields = dict(getattr(record, _FIELDS, {}))
        line = {"time": _time(record), "level": record.levelname, "event": fields.pop("event", record.name)}
        line |= {"message": record.getMessage(), **fields}
        if record.exc_text:
            line["traceback"] = record.exc_text
        return json.dumps(redacted_values(line), ensure_ascii=False, default=str)


class _TextLines(logging.Formatter):
    """``2026-11-22T09:00:03.125+00:00 INFO check of Ada Example: ok``, on one line but for tracebacks."""

    def format(self, record: logging.LogRecord) -> str:
        message = " ".join(record.getMessage().split())
        text = f"{_time(record)} {record.levelname} {message}"
        return redacted(f"{text}\n{record.exc_text}" if record.exc_text else text)


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
