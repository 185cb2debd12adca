"""A plain reader of pages: one request, one connection, and the text that a browser would show."""

from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from http.client import HTTPConnection
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


def get(
    url: str, headers: Mapping[str, str] | None = None, *, method: str = "GET", patience_seconds: float = 60
) -> Answer:
    """The answer to one request; header names in lower case. Raises what the network raises."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=patience_seconds)
    try:
        connection.request(method, parts.path, headers=dict(headers or {}))
        response = connection.getresponse()
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
    finally:
        connection.close()


class _MainText(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.inside = False
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.inside = self.inside or tag == "main"

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "main"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.texts.append(data)


def main_text(page: str) -> str:
    """The text of the main element without any white space."""
    parser = _MainText()
    parser.feed(page)
    parser.close()
    return without_space("".join(parser.texts))


def without_space(text: str) -> str:
    return "".join(text.split())
