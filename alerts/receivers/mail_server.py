"""A mail server that takes what is sent: ``smtp://user:password@host:587`` (STARTTLS), ``smtps://…:465`` (TLS).

A server is trusted by its certificate; without encryption, or with a certificate that nobody knows, only when the
configuration says ``insecure: true``.
"""

import re
import smtplib
import ssl
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from urllib.parse import unquote

from alerts.delivery import DeliveryError
from alerts.inert import inert, shortened
from alerts.receivers.trust import tls_context
from alerts.setting import Setting

#: Until the last ``@`` everything is user and password, which may hold any letter.
_ADDRESS = re.compile(
    r"(?P<scheme>smtps?)://((?P<login>.*)@)?(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+)(:(?P<port>[0-9]{1,5}))?/?"
)
_PORTS = {"smtp": 587, "smtps": 465}
#: Answers from here on are for good, RFC 5321.
_PERMANENT = 500
_LONGEST_ANSWER = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    #: Encrypted from the beginning; else it becomes so (STARTTLS).
    tls: bool = False
    #: Take what encryption there is, with any certificate, or none.
    insecure: bool = False
    #: For each answer.
    timeout_seconds: float = 30.0

    def take(self, mail: EmailMessage, sender: str, recipients: Collection[str]) -> None:
        """Hand a mail over for some of those that it names. Raises DeliveryError, also when one of them is refused."""
        with self._failures_named(), self._session() as server:
            refused = server.send_message(mail, sender, list(recipients))
        if refused:
            raise DeliveryError(_refusals(refused), taken=frozenset(recipients) - refused.keys())

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        server = (
            smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout_seconds, context=self._tls())
            if self.tls
            else smtplib.SMTP(self.host, self.port, timeout=self.timeout_seconds)
        )
        try:
            server.ehlo_or_helo_if_needed()
            if not self.tls and (not self.insecure or server.has_extn("starttls")):
                server.starttls(context=self._tls())
            if self.user:
                server.login(self.user, self.password)
            yield server
            # What it says now is of no consequence: it has the mail.
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
        finally:
            server.close()

    def _tls(self) -> ssl.SSLContext:
        context = tls_context()
        if self.insecure:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    @contextmanager
    def _failures_named(self) -> Iterator[None]:
        try:
            yield
        except smtplib.SMTPRecipientsRefused as error:
            permanent = all(code >= _PERMANENT for code, _ in error.recipients.values())
            raise DeliveryError(_refusals(error.recipients), permanent=permanent) from None
        except smtplib.SMTPResponseException as error:
            permanent = error.smtp_code >= _PERMANENT
            raise DeliveryError(_answered(error.smtp_code, error.smtp_error), permanent=permanent) from None
        except smtplib.SMTPNotSupportedError as error:
            raise DeliveryError(_unsupported(str(error))) from None
        except smtplib.SMTPServerDisconnected as error:
            silent = f"gave no answer within {self.timeout_seconds:g} s" if "timed out" in str(error) else ""
            raise DeliveryError(f"the mail server {silent or 'broke the connection off'}") from None
        except ssl.SSLCertVerificationError as error:
            raise DeliveryError(f"the mail server's certificate is not trusted: {error.verify_message}") from None
        except OSError as error:
            raise DeliveryError(f"no connection to {self.host}:{self.port}: {error.strerror or error}") from None


def parse_mail_server(setting: Setting, *, insecure: bool) -> MailServer:
    """From ``smtp://…`` or ``smtps://…``; the port is 587 or 465 where there is none."""
    match = _ADDRESS.fullmatch(setting.text())
    if match is None:
        setting.refuse("must be an address like “smtp://user:${MAIL_PASSWORD}@mail.example.org:587” or “smtps://…”")
    scheme = match["scheme"]
    user, _, password = (match["login"] or "").partition(":")
    port = int(match["port"]) if match["port"] else _PORTS[scheme]
    if not 0 < port < 65536:
        setting.refuse("must have a port between 1 and 65535")
    return MailServer(
        host=match["host"].strip("[]"),
        port=port,
        user=unquote(user),
        password=unquote(password),
        tls=scheme == "smtps",
        insecure=insecure,
    )


def _answered(code: int, answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    words = shortened(inert(text), _LONGEST_ANSWER)
    return f"the mail server answered {code}{f' ({words})' if words else ''}"


def _refusals(refused: dict[str, tuple[int, bytes]]) -> str:
    return "; ".join(f"{address}: {_answered(code, answer)}" for address, (code, answer) in sorted(refused.items()))


def _unsupported(said: str) -> str:
    if "STARTTLS" in said:
        return "the mail server offers no encryption (“insecure: true” does without)"
    if "AUTH" in said:
        return "the mail server takes no password"
    return "the mail server does not know the letters of an address"
