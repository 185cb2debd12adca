"""Identifiers of papers that stand in links: arXiv ids and DOIs."""

import re
from dataclasses import dataclass
from typing import Self
from urllib.parse import unquote, urlsplit

_ARXIV = r"(?P<id>\d{4}\.\d{4,5}|[a-z]+(?:-[a-z]+)?(?:\.[A-Za-z-]{2,})?/\d{7})(?:v(?P<version>[1-9]\d*))?"
_ARXIV_PATH = re.compile(rf"/(?:abs|pdf|html|paper|papers)/{_ARXIV}(?:\.pdf)?/?")
_ARXIV_ALONE = re.compile(rf"(?:arxiv:)?{_ARXIV}", re.IGNORECASE)
_ARXIV_DOI = re.compile(rf"10\.48550/arxiv\.{_ARXIV}", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}/\S+")


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An absolute URL with its host, in small letters, and its path without escapes: both empty for what is no URL."""

    url: str
    host: str
    path: str

    @classmethod
    def of(cls, url: str) -> Self:
        try:
            parts = urlsplit(url)
        except ValueError:
            return cls(url, "", "")
        return cls(url, (parts.hostname or "").lower(), unquote(parts.path))

    def is_of(self, site: str) -> bool:
        return self.host == site or self.host.endswith("." + site)


@dataclass(frozen=True, slots=True)
class ArxivId:
    """``2401.01234`` or ``astro-ph/0601001``, and the version where one is named."""

    id: str
    version: int | None = None

    @classmethod
    def _of(cls, match: re.Match[str] | None) -> Self | None:
        if match is None:
            return None
        return cls(match["id"], int(match["version"]) if match["version"] else None)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read an id that stands alone, with or without ``arXiv:`` before it."""
        return cls._of(_ARXIV_ALONE.fullmatch(text.strip()))

    @classmethod
    def in_url(cls, url: str, own_hosts: frozenset[str]) -> Self | None:
        """The id in an absolute URL of arXiv, of doi.org, or of a paper's page on one of ``own_hosts``."""
        return cls.at(WebAddress.of(url), own_hosts)

    @classmethod
    def at(cls, address: WebAddress, own_hosts: frozenset[str]) -> Self | None:
        """As `in_url`, for a URL that has been taken apart."""
        if address.is_of("doi.org"):
            return cls._of(_ARXIV_DOI.fullmatch(address.path.strip("/")))
        if address.is_of("arxiv.org") or address.host in own_hosts:
            return cls._of(_ARXIV_PATH.fullmatch(address.path))
        return None


def doi_in_url(url: str) -> str | None:
    """The DOI, in lower case, of an absolute URL of doi.org."""
    return doi_at(WebAddress.of(url))


def doi_at(address: WebAddress) -> str | None:
    """As `doi_in_url`, for a URL that has been taken apart."""
    return read_doi(address.path.lstrip("/")) if address.is_of("doi.org") else None


def read_doi(text: str) -> str | None:
    """The DOI, in lower case, that the whole text is; a DOI does not tell capitals apart."""
    match = _DOI.fullmatch(text.strip().removeprefix("doi:").strip())
    return match[0].lower() if match else None
