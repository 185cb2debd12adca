"""An HTML letter as a mail client has it before its eyes."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from xml.etree.ElementTree import fromstring

_BLOCKS = ("p", "h1", "h2")
_VOID = ("meta", "img")


@dataclass(slots=True)
class Opened:
    """What is seen: a line for each paragraph, headline or link of a row of links."""

    title: str = ""
    lines: list[str] = field(default_factory=list)
    #: Address and text of each link, in order.
    links: list[tuple[str, str]] = field(default_factory=list)
    #: Source and alternative text of each picture.
    pictures: list[tuple[str, str]] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    #: Names of all attributes.
    attributes: set[str] = field(default_factory=set)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.opened = Opened()
        self._inside: list[str] = []
        self._text = ""
        self._address = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.opened.tags.append(tag)
        self.opened.attributes |= found.keys()
        if tag == "img":
            self.opened.pictures.append((found["src"], found["alt"]))
        if tag not in _VOID:
            self._inside.append(tag)
        if tag in (*_BLOCKS, "title"):
            self._text = ""
        if tag == "a":
            self._address = found["href"]
            self.opened.links.append((self._address, ""))

    def handle_data(self, data: str) -> None:
        if self._inside and self._inside[-1] not in ("html", "head", "body", "div"):
            self._text += data
        else:
            assert not data.strip(), f"text that stands nowhere: {data!r}"
        if "a" in self._inside:
            address, text = self.opened.links[-1]
            self.opened.links[-1] = (address, text + data)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        assert self._inside.pop() == tag
        if tag == "title":
            self.opened.title = self._text
        elif tag in _BLOCKS:
            self.opened.lines += [line for line in self._text.split("\n· ") if line]


def open_html(document: str) -> Opened:
    """Read it, as HTML and, stricter, as XML. Raises what either finds wrong with it."""
    fromstring(document.removeprefix("<!DOCTYPE html>"))
    reader = _Reader()
    reader.feed(document)
    reader.close()
    assert not reader._inside
    return reader.opened
