"""What the public interface of ORCID answers, read: a person and their works, or a whole record.

    /v3.0/{iD}/person ──> name        /v3.0/{iD}/works ──> groups of summaries ──> papers

The two are asked for instead of the record, which holds every review and grant besides and grows beyond all limits.
Answers saved by others are read too: records of the versions 2 and 3, works alone, and works as XML.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from scrapers.bundle import answers_of
from scrapers.json_document import Json, read_json
from scrapers.listed_papers import gather_papers, items
from scrapers.parse_error import ParseError
from scrapers.source import Asked, Request
from scrapers.sources.orcid.profile import profile_key
from scrapers.sources.orcid.works import WORKS_MAX, Identifier, Summary, kind_of, paper_of, published, title_of, web_url
from scrapers.sources.orcid.works_xml import read_works_xml
from tracking.check import Page
from tracking.reading import ProfileReading

SOURCE = "orcid"

_DOCUMENTS = ("person", "works")
_PATH = re.compile(r"/?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])(?:/[a-z-]+)?")
_WHOLE = re.compile(r"-?\d{1,9}")


def next_request(asked: Asked) -> Request | None:
    """The person, then the works. Raises ParseError when the answer is about another iD: the record was merged."""
    key = profile_key(asked.profile_url)
    for answer in asked.answers:
        found = _id_at(read_json(answer, stage="record")["path"])
        if found != key:
            raise ParseError(
                f"the record was merged into another: follow https://orcid.org/{found}", stage="record", where="path"
            )
    if len(asked.answers) == len(_DOCUMENTS):
        return None
    headers = {"Accept": "application/json"}
    if asked.options.api_key is not None:
        headers["Authorization"] = f"Bearer {asked.options.api_key}"
    return Request(url=f"{asked.base}/v3.0/{key}/{_DOCUMENTS[len(asked.answers)]}", headers=headers)


def parse(page: Page, observed_on: date) -> ProfileReading:  # noqa: ARG001  -- every date has its year
    """Read the answers about one record. Raises ParseError."""
    person: Json | None = None
    groups: list[list[Summary]] | None = None
    orcid_id = None
    for answer in answers_of(page):
        if answer.body.lstrip()[:1] == b"<":
            path, groups = read_works_xml(answer)
            orcid_id = _id_in(path, where="path")
            continue
        document = read_json(answer, stage="record")
        if "activities-summary" in document:
            orcid_id = _id_at(document["orcid-identifier"]["path"])
            person = document["person"]
            groups = _groups(document["activities-summary"]["works"])
        elif "group" in document:
            orcid_id = _id_at(document["path"])
            groups = _groups(document)
        elif "name" in document:
            person = document
        else:
            raise ParseError("is neither a person nor works", stage="record", excerpt=str(document.value)[:400])
    if groups is None or orcid_id is None:
        raise ParseError("the works are not there", stage="works")
    return _reading(orcid_id, _name(person) if person is not None else None, groups)


def _reading(orcid_id: str, name: str | None, groups: Sequence[Sequence[Summary]]) -> ProfileReading:
    listed = gather_papers(map(paper_of, groups))
    unnamed = () if name is not None else ("The name is not public: the iD stands in its place.",)
    return ProfileReading(
        source=SOURCE,
        name=name or orcid_id,
        metrics={"papers": len(groups)},
        papers=listed.papers,
        complete=True,
        warnings=(*unnamed, *listed.warnings),
    )


def _name(person: Json) -> str | None:
    """As the record shows it: the name for publications, else given and family name; None where it is private."""
    name = person["name"]
    given, family = name["given-names"]["value"].text_or_none(), name["family-name"]["value"].text_or_none()
    if given == "Given Names Deactivated":
        raise ParseError("the record was deactivated by its owner", stage="name")
    return name["credit-name"]["value"].text_or_none() or " ".join(filter(None, (given, family))) or None


def _groups(works: Json) -> list[list[Summary]]:
    if "group" not in works:
        works.refuse("an object with groups of works")
    left = WORKS_MAX
    groups = []
    for group in items(works["group"], at_most=WORKS_MAX):
        summaries = items(group["work-summary"], at_most=left)
        left -= len(summaries)
        groups.append([_summary(item) for item in summaries])
    return groups


def _summary(item: Json) -> Summary:
    when = item["publication-date"]
    return Summary(
        put_code=str(item["put-code"].whole()),
        display_index=_display_index(item["display-index"]),
        title=title_of(item["title"]["title"]["value"].text_or_none()),
        kind=kind_of(item["type"].text_or_none()),
        published=published(*(when[part]["value"].text_or_none() for part in ("year", "month", "day"))),
        url=web_url(item["url"]["value"].text_or_none()),
        identifiers=tuple(_identifiers(item["external-ids"]["external-id"])),
    )


def _identifiers(listed: Json) -> Iterator[Identifier]:
    for one in items(listed, at_most=WORKS_MAX):
        kind, value = one["external-id-type"].text_or_none(), one["external-id-value"].text_or_none()
        relation = one["external-id-relationship"].text_or_none()
        if kind and value and relation:
            yield Identifier(kind.lower(), value, relation.lower().replace("_", "-"))


def _display_index(index: Json) -> int:
    """A number that may be negative, and is written as text; 0 where it is not there."""
    text = str(index.value) if isinstance(index.value, int) and not isinstance(index.value, bool) else None
    text = index.text_or_none() if text is None else text
    if text is not None and _WHOLE.fullmatch(text) is None:
        index.refuse("a whole number")
    return int(text or 0)


def _id_at(path: Json) -> str:
    return _id_in(path.text(), where=path.path)


def _id_in(path: str, *, where: str) -> str:
    match = _PATH.fullmatch(path)
    if match is None:
        raise ParseError("is not the path of a record", stage="record", where=where, excerpt=path)
    return match[1]
