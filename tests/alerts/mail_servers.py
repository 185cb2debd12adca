"""Mail servers that ask for encryption, on 127.0.0.1, and who believes their certificates."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.alerts.servers import MailServer, free_port
from tests.servers import certificate_authority


@contextmanager
def encrypted_mail_server(*, at_once: bool) -> Iterator[MailServer]:
    """Encrypted from the beginning, or by STARTTLS, without which it takes neither passwords nor mail."""
    server = MailServer(port=free_port())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate_authority().issue_cert("localhost").configure_cert(context)
    options: dict[str, Any] = (
        {"ssl_context": context} if at_once else {"tls_context": context, "require_starttls": True}
    )
    controller = Controller(
        server,
        hostname="localhost",
        port=server.port,
        authenticator=_authenticate,
        auth_require_tls=not at_once,
        **options,
    )
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


@contextmanager
def old_mail_server() -> Iterator[MailServer]:
    """Knows neither passwords nor addresses of other letters than plain ones."""
    server = MailServer(port=free_port())
    controller = Controller(server, hostname="127.0.0.1", port=server.port, enable_SMTPUTF8=False)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


def trust(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Believe the tests' own certificate authority, as one is made known to a machine."""
    path = folder / "authority.pem"
    certificate_authority().cert_pem.write_to_path(path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))


def _authenticate(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, login: Any) -> AuthResult:
    assert isinstance(login, LoginPassword)
    return AuthResult(success=login.password == b"r@ght:%/", handled=False)
