"""Mail, with text and HTML.

me:
  mail:
    to: ada@example.org
    from: "Scholarwatch <watch@example.org>"
    server: "smtp://watch:${MAIL_PASSWORD}@mail.example.org:587"
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from email.headerregistry import Address, HeaderRegistry
from typing import Any
from urllib.parse import quote

from alerts.citations import Style, attachments
from alerts.delivery import Channel
from alerts.message import Message
from alerts.receivers.envelope import Envelope, mail_of
from alerts.receivers.mail_server import MailServer, parse_mail_server
from alerts.receivers.place import Place
from alerts.setting import Setting, suggestion

_REQUIRED = ("to", "from", "server")
_KEYS = (*_REQUIRED, "unsubscribe", "attach", "insecure")
_UNSUBSCRIBE = re.compile(r"(mailto:|https?://)[!-;=?-~]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailChannel:
    envelope: Envelope
    server: MailServer
    #: The new papers of a message as files.
    attach: tuple[Style, ...] = ()
    zone: tzinfo = UTC
    limit_seconds: float = 120.0

    def send(self, message: Message) -> None:
        """To everybody who does not have it yet."""
        recipients = [to.addr_spec for to in self.envelope.to if to.addr_spec not in message.taken]
        if recipients:
            mail = mail_of(message, self.envelope, self.zone, attachments(message, self.attach))
            self.server.take(mail, self.envelope.sender.addr_spec, recipients)


def channel(keys: Mapping[str, Setting], place: Place) -> Channel:
    """From the mapping under ``mail``."""
    mail = keys["mail"].mapping(known=_KEYS)
    for required in _REQUIRED:
        if required not in mail:
            keys["mail"].refuse(f"“{required}” is missing")
    sender = _address(mail["from"])
    insecure = "insecure" in mail and mail["insecure"].flag()
    return MailChannel(
        envelope=Envelope(
            sender=sender,
            to=tuple(_address(to) for to in mail["to"].one_or_more()),
            unsubscribe=_unsubscribe(mail.get("unsubscribe"), sender),
        ),
        server=parse_mail_server(mail["server"], insecure=insecure),
        attach=tuple(_style(style) for style in mail["attach"].one_or_more()) if "attach" in mail else (),
        zone=place.timezone,
    )


def _address(setting: Setting) -> Address:
    """``Ada Example <ada@example.org>``, or the address alone."""
    text = setting.text()
    header: Any = HeaderRegistry()("to", text)
    addresses = header.addresses
    # Letters of all scripts are fine before the “@” where both servers can read them.
    defects = [defect for defect in header.defects if "non-ASCII" not in str(defect)]
    if not text.isprintable() or defects or len(addresses) != 1 or not addresses[0].domain:
        setting.refuse("must be one mail address, like “ada@example.org” or “Ada Example <ada@example.org>”")
    found = addresses[0]
    try:
        domain = found.domain.encode("idna").decode()
    except UnicodeError:
        setting.refuse("has a domain that cannot be")
    return Address(found.display_name, found.username, domain)


def _unsubscribe(setting: Setting | None, sender: Address) -> tuple[str, ...]:
    """Where nothing is said: a mail to whom the mails are from."""
    if setting is None:
        return (f"mailto:{quote(sender.addr_spec, safe='@')}?subject=unsubscribe",)
    for address in setting.one_or_more():
        if _UNSUBSCRIBE.fullmatch(address.text()) is None:
            address.refuse("must be an address like “mailto:ada@example.org” or “https://example.org/unsubscribe”")
    return setting.texts()


def _style(setting: Setting) -> Style:
    name = setting.text()
    if name not in list(Style):
        setting.refuse(f"no such form of citations; {suggestion(name, list(Style))}")
    return Style(name)
