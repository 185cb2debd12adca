"""Any of the services that Apprise knows: mail, Slack, Telegram and some hundred others."""

import logging
import re
import threading
import warnings
from dataclasses import dataclass, field
from functools import cache
from types import ModuleType

from alerts.delivery import Channel, DeliveryError
from alerts.inert import without_mentions
from alerts.message import Message
from alerts.receivers.place import Place
from alerts.setting import Setting
from alerts.wording import Wording, wording_of

_ADDRESS = re.compile(r"(?P<service>[a-z][a-z0-9+.-]*)://\S+", re.IGNORECASE)

#: What of Apprise's log is told, the first that fits. Nothing else of it is: it may hold a secret.
_CAUSES = (
    (re.compile(r"Socket Exception: .*?\((\d{3}), b['\"]"), "the mail server answered {}"),
    (re.compile(r"\berror=(\d{3})\b"), "the service answered {}"),
    (re.compile(r"AUTH extension not supported"), "the mail server takes no password"),
    (
        re.compile(r"STARTTLS extension not supported"),
        "the mail server offers no encryption (mode=insecure does without)",
    ),
    (re.compile(r"CERTIFICATE_VERIFY_FAILED"), "its certificate is not trusted"),
    (re.compile(r"connection error", re.IGNORECASE), "no connection"),
)


@dataclass(frozen=True, slots=True)
class AppriseChannel:
    """Sends to every address. Where one of several fails, the message is sent to all of them again later."""

    #: They hold passwords and tokens.
    addresses: tuple[str, ...] = field(repr=False)
    #: For each address.
    timeout_seconds: float = 60.0

    def send(self, message: Message) -> None:
        wording = wording_of(message)
        failures = [
            f"{_service(address)} (address {position} of {len(self.addresses)}): {failure}"
            for position, address in enumerate(self.addresses, start=1)
            if (failure := _send_within(self.timeout_seconds, address, wording))
        ]
        if failures:
            raise DeliveryError("; ".join(failures))


def channel(setting: Setting, _place: Place) -> Channel:
    """From one address or a list of them; whether Apprise takes them shows when a message is sent."""
    addresses = []
    for address in setting.one_or_more():
        if _ADDRESS.fullmatch(address.text()) is None:
            address.refuse("must be an address like “mailto://…” or “slack://…”")
        addresses.append(address.text())
    return AppriseChannel(tuple(addresses))


def _service(address: str) -> str:
    return address.partition("://")[0].lower()


def _send_within(seconds: float, address: str, wording: Wording) -> str | None:
    """Why the address did not take it, None when it did.

    Apprise blocks for as long as a slow server likes. It is left behind in a thread that keeps no process alive: a
    copy that still arrives has the same message id.
    """
    apprise = _apprise()
    answers: list[str | None] = []
    thread = threading.Thread(target=lambda: answers.append(_send(apprise, address, wording)), daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        return f"no answer within {seconds:g} s"
    return answers[0] if answers else "Apprise ended without an answer"


def _send(apprise: ModuleType, address: str, wording: Wording) -> str | None:
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
        return "Apprise does not understand this address"
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


@cache
def _apprise() -> ModuleType:
    """Apprise, imported when it is first needed, with logs that go nowhere: they hold addresses."""
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

    def cause(self) -> str:
        """Why sending failed, in words that hold nothing of the log but a status."""
        text = "\n".join(self._lines)
        for pattern, words in _CAUSES:
            if found := pattern.search(text):
                return words.format(*found.groups())
        return "it did not take the message"
