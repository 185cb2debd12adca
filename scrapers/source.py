"""What a source is: how a site's profiles are recognised, asked for and read.

    profile's URL ──next_request──> Request, Request, … ──fetch──> one Page ──parse──> ProfileReading

A source is a value of four pure functions; it fetches nothing itself. A profile that takes several answers (an author,
then the pages of a list) is one `Page` in the end: see `scrapers.bundle`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from urllib.parse import urlsplit

from tracking.check import Page
from tracking.reading import ProfileReading

#: No profile takes more answers than this; what lies beyond is not read, and the reading is incomplete.
MAX_ANSWERS = 30


class Interface(StrEnum):
    """What a source is made for, which says whose rules hold."""

    PAGE = "page"
    """pages for people: robots.txt says what programs may ask for"""
    API = "api"
    """an interface for programs: its own terms and limits hold"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceOptions:
    """What the owner of an installation says of one source; everything has a default."""

    #: In the place of the source's own limit: between the starts of two requests to one host.
    min_interval_seconds: float | None = None
    #: In the place of the source's own limit: requests to one host in a day (UTC).
    daily_budget: int | None = None
    #: A mail address or URL by which who asks can be reached, for interfaces that want one.
    contact: str | None = None
    #: A secret of the owner: it goes to the source's own interface only, and is never stored or shown.
    api_key: str | None = field(default=None, repr=False)
    #: The URL of a profile that is never empty, for `sources doctor`, in the place of the source's own.
    canary: str | None = None
    #: The owner has read the terms of a source that is off by default, and wants it.
    enabled: bool | None = None
    #: How pages are to be read, by host: see the source that knows such a thing.
    selectors: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to ask for next. ``headers`` are sent to the URL's own origin only; they may hold a secret."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How far a profile has been asked for: the answers so far, in order, each with status 200."""

    #: As it is followed.
    profile_url: str
    #: Where the interface is, without a slash at the end: ``https://api.openalex.org``.
    base: str
    options: SourceOptions
    answers: tuple[Page, ...] = ()


def ask_for_own_page(asked: Asked) -> Request | None:
    """The profile is the page at its own URL."""
    return None if asked.answers else Request(url=asked.profile_url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A site that shows profiles.

    ``parse`` reads a page as it was on a day and raises ParseError; ``profile_key`` finds the key of a profile in its
    URL and raises ValueError; ``parser`` names parser and version: a stored reading says which one made it.
    ``next_request`` says what to ask for after the answers so far, None when that is all; it raises ParseError where
    an answer does not say how to go on.
    """

    name: str
    title: str
    #: Host names that profiles are followed at; the first is the usual one. Empty: any host, when the source is named.
    hosts: tuple[str, ...]
    parser: str
    parse: Callable[[Page, date], ProfileReading]
    profile_key: Callable[[str], str]
    next_request: Callable[[Asked], Request | None] = ask_for_own_page
    interface: Interface = Interface.PAGE
    #: Where the interface is, when not at the profile's own URL: ``https://api.openalex.org``.
    base: str | None = None
    min_interval_seconds: float = 5.0
    #: Requests to one host in a day (UTC).
    daily_budget: int = 20_000
    #: Web archives keep pages that `parse` can read; None: if they are pages at all.
    archived: bool | None = None
    #: False: it is asked only when the configuration switches it on.
    on_by_default: bool = True
    #: The first captcha is taken for a no: the host is not asked again that day.
    stops_when_blocked: bool = False
    #: Among sources that disagree, the higher is believed; `generic` has 0, official interfaces of identifiers 3.
    trust: int = 2
    #: A profile that is never empty; None where only the owner can name one.
    canary: str | None = None
    #: What it offers and what it does not, in one sentence.
    offers: str = ""
    #: Where its terms of use are.
    terms: str = ""
    #: A header of the owner's, put on each page, that says how to read it; see `READING_HEADER`.
    reading_note: Callable[[str, SourceOptions], str | None] = lambda _url, _options: None

    @property
    def is_archived(self) -> bool:
        """Whether what web archives keep of its profiles can be read."""
        return self.interface is Interface.PAGE if self.archived is None else self.archived

    def base_of(self, profile_url: str) -> str:
        """Where to ask for a profile: the source's own interface, or the origin of a profile on another host."""
        parts = urlsplit(profile_url)
        if self.base is not None and (parts.hostname or "").lower() in self.hosts:
            return self.base
        return f"{parts.scheme}://{parts.netloc}"


#: Header of a stored page with what its owner said of how to read it: so the page alone says what it reads as.
READING_HEADER = "x-scholarwatch-reading"
