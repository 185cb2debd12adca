"""The new papers of a message as files that reference managers read."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from alerts.citations.bibtex import bibliography
from alerts.citations.citation import Citation
from alerts.citations.ris import ris_file
from alerts.message import Message
from tracking.event import EventKind


class Style(StrEnum):
    BIBTEX = "bibtex"
    RIS = "ris"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file; ``subtype`` is that of a media type ``application/…``."""

    name: str
    subtype: str
    text: str


def attachments(message: Message, styles: Iterable[Style]) -> list[Attachment]:
    """A file of each style; none where the message tells of no new paper."""
    citations = [
        Citation.of(item, item.get("paper_key", item["title"]))
        for item in message.items
        if item["kind"] == EventKind.PAPER_NEW
    ]
    return [_attachment(style, citations) for style in styles] if citations else []


def _attachment(style: Style, citations: list[Citation]) -> Attachment:
    match style:
        case Style.BIBTEX:
            return Attachment(name="papers.bib", subtype="x-bibtex", text=bibliography(citations))
        case Style.RIS:
            text = ris_file(citations)
            return Attachment(name="papers.ris", subtype="x-research-info-systems", text=text)
