"""What keeps secrets out of all that leaves the program: output, logs, tracebacks, what Prefect is told.

know(secrets_in(document.root))        # whenever a configuration is read
redacted("no answer from …")           # "[redacted]" in the place of each

Nothing in the program puts a secret into a message; this is for what libraries say, and for the day on which it does.
The secrets are of the process: there is one log, whatever is configured.
"""

import logging
import re
import traceback
from collections.abc import Callable, Coroutine, Iterable
from functools import wraps
from threading import Lock
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

MARK = "[redacted]"
#: The password of any address, also of one that nobody has told us of; SQLAlchemy has hidden some already.
_LOGIN = re.compile(r"(?P<before>[A-Za-z][A-Za-z0-9+.-]*://[^\s/@:\"'<>]*:)(?!\*\*\*@)[^\s/@\"'<>]+(?=@)")


class _Known:
    """The secrets of this process, and the pattern that finds any of them, the longest first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._secrets: frozenset[str] = frozenset()
        self.pattern: re.Pattern[str] | None = None

    def add(self, secrets: Iterable[str]) -> None:
        with self._lock:
            together = self._secrets | frozenset(secrets)
            if together != self._secrets:
                self._secrets = together
                ordered = sorted(together, key=lambda secret: (-len(secret), secret))
                self.pattern = re.compile("|".join(map(re.escape, ordered)))


_known = _Known()


def know(secrets: Iterable[str]) -> None:
    """Keep these out of everything from now on."""
    _known.add(secrets)


def redacted(text: str) -> str:
    """The text without any secret that is known, and without the password of any address."""
    if "://" in text:
        text = _LOGIN.sub(rf"\g<before>{MARK}", text)
    return text if _known.pattern is None else _known.pattern.sub(MARK, text)


def redacted_values(value: Any) -> Any:
    """JSON values with their texts as `redacted` gives them, in keys too."""
    match value:
        case str():
            return redacted(value)
        case dict():
            return {
                redacted(key) if isinstance(key, str) else key: redacted_values(part) for key, part in value.items()
            }
        case list() | tuple():
            return [redacted_values(part) for part in value]
    return value


# ---- logs


class _Record(logging.LogRecord):
    """A record of any logger, of ours or a library's, that holds no secret when a handler gets it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        try:
            message = self.getMessage()
        except (TypeError, ValueError, KeyError):
            # Whoever handles it says that its arguments do not fit.
            return
        if (clean := redacted(message)) != message:
            self.msg, self.args = clean, ()
        if self.exc_info and self.exc_info[0] is not None:
            # What has formatted it is what handlers take.
            self.exc_text = redacted("".join(traceback.format_exception(*self.exc_info)).rstrip("\n"))


def guard_logs() -> None:
    """From now on no log of this process holds a secret that is known, whoever writes and whoever handles it."""
    logging.setLogRecordFactory(_Record)


# ---- errors


class RedactedError(RuntimeError):
    """In the place of an error, whatever its kind, whose text held a secret."""


def without_secrets(run: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:
    """What is raised is shown by whoever hears of it: it holds no secret then, nor does what caused it."""

    @wraps(run)
    async def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return await run(*args, **kwargs)
        except Exception as error:
            if (clean := _without_secrets(error)) is error:
                raise
        # Outside of the block, so that it has no context to be shown.
        raise clean

    return guarded


def _without_secrets(error: Exception) -> Exception:
    """The error itself where it and all that led to it may be shown."""
    whole = "".join(traceback.TracebackException.from_exception(error).format())
    if redacted(whole) == whole:
        return error
    return RedactedError(f"{type(error).__name__}: {redacted(str(error))}\n{redacted(whole)}")


def redacted_traceback(error: BaseException) -> str:
    """What Python prints of an error that nobody caught, without secrets."""
    return redacted("".join(traceback.format_exception(error)))
