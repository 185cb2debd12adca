"""OpenReview (openreview.net): what a researcher has submitted to venues that review in the open, and what they list.

    /profiles?id=~Ada_Example1             names
    /notes?content.authorids=~…&offset=N   every note that names the profile as an author

Of version 2 of the interface only: the older one has what was submitted before 2023 and is about to go.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from scrapers.bundle import answers_of
from scrapers.identifiers import ArxivId, doi_in_url, read_doi
from scrapers.json_document import Json, read_json
from scrapers.listed_papers import gather_papers, items
from scrapers.parse_error import ParseError
from scrapers.readable import readable
from scrapers.source import Asked, Interface, Request, Source
from tracking.check import Page
from tracking.reading import PaperReading, ProfileReading, Published

_PAGE_SIZE = 250
#: What the interface shows at most at once, whatever it is asked for.
_NOTES_MAX = 1_000
#: No list within a note is longer.
_MEMBERS_MAX = 5_000
_ID = re.compile(r"~[^\s/?#&~]{1,200}\d+")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Records that were copied from elsewhere: the day they came here says nothing of the paper.
_COPIED = re.compile(r"dblp\.org/|orcid\.org/|openreview\.net/archive/", re.IGNORECASE)
#: "Jian Sun*", "Wei Wang0001"
_MARKS = re.compile(r"\*|\d+$")


def profile_key(url: str) -> str:
    """The id of a profile, ``~Ada_Example1``. Raises ValueError."""
    parts = urlsplit(url)
    named = parse_qs(parts.query)
    found = (named.get("id") or named.get("content.authorids") or [""])[0]
    if parts.path.rstrip("/") not in ("/profile", "/profiles", "/notes") or _ID.fullmatch(found) is None:
        raise ValueError(
            f"no profile in this URL: {url}; a profile is at https://openreview.net/profile?id=~Yann_LeCun1"
        )
    return found


def next_request(asked: Asked) -> Request | None:
    """The profile, then its notes, the oldest first so that pages stay what they are. Raises ParseError."""
    if not asked.answers:
        return _request(asked, "profiles", {"id": profile_key(asked.profile_url)})
    profile, *pages = asked.answers
    if pages and _has_ended(pages):
        return None
    parameters: dict[str, str | int] = {
        "content.authorids": _profile(profile)["id"].text(),
        "sort": "tcdate:asc",
        "limit": _PAGE_SIZE,
        "offset": sum(_rows(page) for page in pages),
    }
    return _request(asked, "notes", parameters)


def parse(page: Page, observed_on: date) -> ProfileReading:  # noqa: ARG001  -- every date has its year
    """Read the answers about one profile. Raises ParseError."""
    answer, *pages = answers_of(page)
    name = _name(_profile(answer)["content"]["names"])
    if not pages:
        raise ParseError("the notes are not there", stage="papers")
    notes = [note for one in pages for note in _notes(one)]
    listed = gather_papers(_paper(note) for note in notes if _is_public_paper(note))
    count = _count(pages)
    complete = len(notes) >= count if count is not None else _has_ended(pages)
    warnings = list(listed.warnings)
    if count is not None and len(notes) > count:
        warnings.append(f"The list changed while it was read: it names {count} notes and showed {len(notes)}.")
    return ProfileReading(
        source=OPENREVIEW.name,
        name=name,
        metrics={"papers": listed.rows} if complete else {},
        papers=listed.papers,
        complete=complete,
        warnings=tuple(warnings),
    )


def _request(asked: Asked, path: str, parameters: dict[str, str | int]) -> Request:
    headers = {"Accept": "application/json"}
    if asked.options.api_key is not None:
        headers["Authorization"] = f"Bearer {asked.options.api_key.removeprefix('Bearer ')}"
    return Request(url=f"{asked.base}/{path}?{urlencode(parameters, quote_via=quote, safe='~:')}", headers=headers)


def _profile(answer: Page) -> Json:
    found = read_json(answer, stage="profile")["profiles"]
    if found.is_null:
        found.refuse("a list")
    profiles = items(found, at_most=_NOTES_MAX)
    if len(profiles) != 1:
        raise ParseError(f"{len(profiles)} profiles instead of one", stage="profile", where="profiles")
    return profiles[0]


def _name(names: Json) -> str:
    """The name that its owner prefers, else the first."""
    found = sorted(items(names, at_most=_MEMBERS_MAX), key=lambda name: name["preferred"].flag_or_none() is not True)
    if not found:
        names.refuse("a list with a name")
    full = found[0]["fullname"].text_or_none()
    parts = (found[0][part].text_or_none() for part in ("first", "middle", "last"))
    return full or " ".join(filter(None, parts)) or found[0]["fullname"].text()


def _notes(answer: Page) -> tuple[Json, ...]:
    notes = read_json(answer, stage="papers")["notes"]
    if notes.is_null:
        notes.refuse("a list")
    return items(notes, at_most=_NOTES_MAX)


def _rows(answer: Page) -> int:
    return len(_notes(answer))


def _has_ended(pages: Sequence[Page]) -> bool:
    """Whether no note is left to ask for. An empty page is the end, whatever count the first one gave."""
    count, last = _count(pages), _rows(pages[-1])
    if count is None:
        return last < _PAGE_SIZE
    return last == 0 or sum(_rows(page) for page in pages) >= count


def _count(pages: Sequence[Page]) -> int | None:
    """How many notes there are, as the first page says it; some answers do not."""
    return read_json(pages[0], stage="papers")["count"].whole_or_none()


def _is_public_paper(note: Json) -> bool:
    """False for what its owner alone can see, what was deleted, and replies."""
    readers = [reader.text() for reader in items(note["readers"], at_most=_MEMBERS_MAX)]
    forum = note["forum"].text_or_none()
    return (
        (not readers or "everyone" in readers)
        and note["ddate"].is_null
        and (forum is None or forum == note["id"].text())
    )


def _paper(note: Json) -> PaperReading | None:
    """None for a note without a title."""
    title = _title(note)
    if not title:
        return None
    key = note["id"].text()
    authors = tuple(_authors(_field(note, "authors")))
    links = [link for name in ("html", "pdf", "ee") if (link := _link(note, name)) is not None]
    stated = dict(_external_ids(note))
    arxiv = ArxivId.read(stated.get("arxiv", "")) or next(
        (found for link in links if (found := ArxivId.in_url(link, frozenset()))), None
    )
    doi = read_doi(stated.get("doi", "")) or next((doi for link in links if (doi := doi_in_url(link))), None)
    return PaperReading(
        title=title,
        authors=authors,
        authors_complete=bool(authors),
        category=_field(note, "venue").text_or_none(),
        published=_published(note),
        abstract=readable(_field(note, "abstract").text_or_none() or "") or None,
        arxiv_id=arxiv.id if arxiv else None,
        version=arxiv.version if arxiv else None,
        doi=doi,
        source_id=key,
        url=f"https://openreview.net/forum?id={quote(key, safe='')}",
    )


def _field(note: Json, name: str) -> Json:
    """A field of the content: ``{"value": …}``, or bare as in the older interface."""
    field = note["content"][name]
    is_wrapped = "value" in field
    return field["value"] if is_wrapped else field


def _title(note: Json) -> str:
    return readable(_field(note, "title").text_or_none() or "")


def _link(note: Json, name: str) -> str | None:
    """The URL in a field that may hold something else."""
    link = _field(note, name)
    return link.text_or_none() if isinstance(link.value, str) else None


def _external_ids(note: Json) -> Iterator[tuple[str, str]]:
    """``doi:10.1000/1``, ``arxiv:2401.01234``, ``dblp:conf/nips/X``: kind and value."""
    for one in items(note["externalIds"], at_most=_MEMBERS_MAX):
        kind, _, value = one.text().partition(":")
        yield kind.lower(), value


def _authors(listed: Json) -> Iterator[str]:
    """Names, or records of names and profiles."""
    for one in items(listed, at_most=_MEMBERS_MAX):
        name = one["fullname"].text() if isinstance(one.value, dict) else one.text()
        yield _MARKS.sub("", name).strip() or name


def _published(note: Json) -> Published | None:
    """When it was public: published and open to everyone, else the day that is given for its creation."""
    is_copied = any(_COPIED.match(one.text()) for one in items(note["invitations"], at_most=_MEMBERS_MAX))
    public = _moments(note, ["pdate"] if is_copied else ["pdate", "odate"])
    if not public:
        public = _moments(note, ["cdate"] if is_copied else ["cdate", "tcdate"])[:1]
    if not public:
        return None
    moment = max(public)
    # Of many papers the year alone is known; it is written as its first or its last day.
    if moment.time() == _EPOCH.time() and (moment.month, moment.day) in ((1, 1), (12, 31)):
        return Published(moment.year)
    return Published(moment.year, moment.month, moment.day)


def _moments(note: Json, names: Sequence[str]) -> list[datetime]:
    return [moment for name in names if (moment := _moment(note[name])) is not None]


def _moment(milliseconds: Json) -> datetime | None:
    number = milliseconds.number_or_none()
    if number is None:
        return None
    try:
        return _EPOCH + timedelta(milliseconds=number)
    except OverflowError:
        milliseconds.refuse("a time in milliseconds")


OPENREVIEW = Source(
    name="openreview",
    title="OpenReview",
    hosts=("openreview.net", "www.openreview.net", "api2.openreview.net", "api.openreview.net"),
    parser="openreview/1",
    parse=parse,
    profile_key=profile_key,
    next_request=next_request,
    interface=Interface.API,
    base="https://api2.openreview.net",
    min_interval_seconds=2.0,
    daily_budget=2_000,
    canary="https://openreview.net/profile?id=~Yann_LeCun1",
    offers="public submissions since 2023 and listed papers, with authors, abstract and venue; no citations",
    terms="https://openreview.net/legal/terms",
)
