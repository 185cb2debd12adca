"""A message as a mail: who it is from, whom it is for, and what mail programs make of it.

multipart/mixed                                where files are attached
  multipart/alternative
    text/plain
    multipart/related                          text/html and its pictures
  application/x-bibtex, …
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime

from alerts.chart import charts_of
from alerts.citations import Attachment
from alerts.html import html_of
from alerts.message import Message
from alerts.wording import wording_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What is the same in every mail of a receiver."""

    sender: Address
    to: tuple[Address, ...]
    #: Addresses at which no more mail can be asked for, ``mailto:…`` or ``https://…``; at least one.
    unsubscribe: tuple[str, ...]


def mail_of(message: Message, envelope: Envelope, zone: tzinfo, attachments: Iterable[Attachment]) -> EmailMessage:
    """The mail; every copy of a message has the same id, time and words."""
    mail = EmailMessage(policy=_POLICY)
    wording = wording_of(message, zone)
    domain = envelope.sender.domain
    thread = f"<thread.{_thread(message)}@{domain}>"
    mail["From"] = envelope.sender
    mail["To"] = envelope.to
    mail["Subject"] = wording.subject
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = f"<{message.id}@{domain}>"
    mail["In-Reply-To"] = thread
    mail["References"] = thread
    mail["Auto-Submitted"] = "auto-generated"
    mail["List-Unsubscribe"] = ", ".join(f"<{address}>" for address in envelope.unsubscribe)
    if any(address.startswith("https:") for address in envelope.unsubscribe):
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(wording.body)
    _add_html(mail, message, zone, domain)
    for attachment in attachments:
        mail.add_attachment(
            attachment.text.encode(),
            maintype="application",
            subtype=attachment.subtype,
            filename=attachment.name,
        )
    return mail


def _add_html(mail: EmailMessage, message: Message, zone: tzinfo, domain: str) -> None:
    """The same in HTML, with its pictures."""
    charts = charts_of(message)
    content_ids = {event: f"{event}.{message.id}@{domain}" for event in charts}
    mail.add_alternative(html_of(message, zone, content_ids), subtype="html")
    html = list(mail.iter_parts())[1]
    assert isinstance(html, EmailMessage)
    for event, picture in charts.items():
        html.add_related(picture, maintype="image", subtype="png", cid=f"<{content_ids[event]}>")


def _thread(message: Message) -> str:
    """One for all messages to a receiver about the same people, and one for its digests."""
    people = {person for item in message.items for person in item.get("people", [item["person"]])}
    about = ["digest"] if message.digest else ["people", *sorted(people)]
    return hashlib.blake2b("\x1f".join([message.receiver, *about]).encode(), digest_size=12).hexdigest()


class _Verbatim(UnstructuredHeader, BaseHeader):
    """A header of ASCII in one piece: folded, a long address would be encoded like words, which no program reads."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


def _policy() -> Policy:
    """As RFC 5321 carries it without extensions: lines that end with CRLF, of 7 bits."""
    headers = HeaderRegistry()
    for name in ("message-id", "in-reply-to", "references", "content-id", "list-unsubscribe"):
        headers.map_to_type(name, _Verbatim)
    return SMTP.clone(cte_type="7bit", header_factory=headers)


_POLICY = _policy()
