"""Any of the services that Apprise knows: mail, Slack, Telegram and some hundred others."""

import logging
import re
import threading
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from functools import cache
from types import ModuleType

from alerts.delivery import Channel, DeliveryError
from alerts.fingerprint import fingerprint
from alerts.inert import without_mentions
from alerts.message import Message
from alerts.receivers.place import Place
from alerts.setting import Setting
from alerts.within import TooLongError, within
from alerts.wording import Wording, wording_of

_ADDRESS = re.compile(r"(?P<service>[a-z][a-z0-9+.-]*)://\S+", re.IGNORECASE)

#: Beside what the addresses may take, for importing Apprise.
_SPARE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why an address did not take a message, in words that hold nothing of Apprise's log but a status."""

    words: str
    #: It refuses for good.
    permanent: bool = False


#: What of Apprise's log is told, the first that fits. Nothing else of it is: it may hold a secret.
_CAUSES = (
    (re.compile(r"Socket Exception: .*?\((5\d\d), b['\"]"), _Failure("the mail server answered {}", permanent=True)),
    (re.compile(r"Socket Exception: .*?\((\d{3}), b['\"]"), _Failure("the mail server answered {}")),
    (re.compile(r"\berror=(40[134]|410)\b"), _Failure("the service answered {}", permanent=True)),
    (re.compile(r"\berror=(\d{3})\b"), _Failure("the service answered {}")),
    (re.compile(r"AUTH extension not supported"), _Failure("the mail server takes no password")),
    (
        re.compile(r"STARTTLS extension not supported"),
        _Failure("the mail server offers no encryption (mode=insecure does without)"),
    ),
    (re.compile(r"CERTIFICATE_VERIFY_FAILED"), _Failure("its certificate is not trusted")),
    (re.compile(r"connection error", re.IGNORECASE), _Failure("no connection")),
)

#: Apprise is imported by one thread.
_importing = threading.Lock()


@dataclass(frozen=True, slots=True)
class AppriseChannel:
    """Sends to every address that does not have the message yet."""

    #: They hold passwords and tokens.
    addresses: tuple[str, ...] = field(repr=False)
    zone: tzinfo = UTC
    #: For each address.
    timeout_seconds: float = 60.0

    @property
    def limit_seconds(self) -> float:
        return self.timeout_seconds * len(self.addresses) + _SPARE_SECONDS

    def send(self, message: Message) -> None:
        wording = wording_of(message, self.zone)
        answers = {
            position: self._send_within(address, wording)
            for position, address in enumerate(self.addresses, start=1)
            if not (message.taken and fingerprint(address) in message.taken)
        }
        failures = {position: failure for position, failure in answers.items() if failure is not None}
        if not failures:
            return
        taken = {fingerprint(self.addresses[position - 1]) for position in answers.keys() - failures.keys()}
        raise DeliveryError(
            "; ".join(self._named(position, failure) for position, failure in failures.items()),
            permanent=len(failures) == len(self.addresses) and all(each.permanent for each in failures.values()),
            taken=message.taken | taken,
        )

    def _named(self, position: int, failure: _Failure) -> str:
        service = self.addresses[position - 1].partition("://")[0].lower()
        return f"{service} (address {position} of {len(self.addresses)}): {failure.words}"

    def _send_within(self, address: str, wording: Wording) -> _Failure | None:
        """Why the address did not take it, None when it did. Apprise blocks for as long as a slow server likes."""
        apprise = _apprise()
        try:
            return within(self.timeout_seconds, lambda: _send(apprise, address, wording))
        except TooLongError:
            return _Failure(f"no answer within {self.timeout_seconds:g} s")
        except SystemExit:
            return _Failure("Apprise ended without an answer")


def channel(keys: Mapping[str, Setting], place: Place) -> Channel:
    """From one address or a list of them; whether Apprise takes them shows when a message is sent."""
    addresses = []
    for address in keys["apprise"].one_or_more():
        if _ADDRESS.fullmatch(address.text()) is None:
            address.refuse("must be an address like “mailto://…” or “slack://…”")
        addresses.append(address.text())
    return AppriseChannel(tuple(addresses), place.timezone)


def _send(apprise: ModuleType, address: str, wording: Wording) -> _Failure | None:
    """Why the address did not take it, None when it did."""
    asset = apprise.AppriseAsset(
        app_id="Scholarwatch",
        app_desc="Scholarwatch",
        app_url="",
        async_mode=False,
        interpret_emojis=False,
        storage_mode=apprise.PersistentStoreMode.MEMORY,
    )
    server = apprise.Apprise.instantiate(address, asset=asset)
    if server is None:
        return _Failure("Apprise does not understand this address")
    # The wording is plain text of any length; an address that asks for something else has its way.
    if not re.search("[?&]format=", address):
        server.notify_format = apprise.NotifyFormat.TEXT
    if not re.search("[?&]overflow=", address):
        server.overflow_mode = apprise.OverflowMode.SPLIT
    with _Log() as log:
        taken = apprise.Apprise(servers=server, asset=asset).notify(
            title=without_mentions(wording.subject),
            body=without_mentions(wording.body),
            body_format=apprise.NotifyFormat.TEXT,
        )
    return None if taken else log.cause()


def _apprise() -> ModuleType:
    """Apprise, imported when it is first needed."""
    with _importing:
        return _imported()


@cache
def _imported() -> ModuleType:
    """Apprise with logs that go nowhere: they hold addresses."""
    with warnings.catch_warnings():
        # Apprise loads all its services when it reads its first address; one of them asks for the old imghdr.
        warnings.simplefilter("ignore", DeprecationWarning)
        import apprise

        apprise.Apprise.instantiate("json://localhost")
    for name in ("apprise", "urllib3"):
        logging.getLogger(name).propagate = False
    logging.getLogger("apprise").setLevel(logging.DEBUG)
    return apprise


class _Log(logging.Handler):
    """What Apprise logs in this thread while it sends."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self._thread = threading.get_ident()
        self._lines: list[str] = []

    def __enter__(self) -> "_Log":
        logging.getLogger("apprise").addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger("apprise").removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread:
            self._lines.append(record.getMessage())

    def cause(self) -> _Failure:
        """Why sending failed."""
        text = "\n".join(self._lines)
        for pattern, failure in _CAUSES:
            if found := pattern.search(text):
                return replace(failure, words=failure.words.format(*found.groups()))
        return _Failure("it did not take the message")
