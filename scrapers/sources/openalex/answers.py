"""The two kinds of answers of OpenAlex that a profile is made of: an author, and a page of a list of works."""

import re
from dataclasses import dataclass

from scrapers.json_document import Json, read_json
from scrapers.listed_papers import items
from scrapers.parse_error import ParseError
from tracking.check import Page

#: Works on a page of a list, as asked for.
PAGE_SIZE = 100
_ID = re.compile(r"(?:https?://openalex\.org/)?([A-Z][0-9]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WorkList:
    """One page of the list of works."""

    #: Works in the whole list.
    total: int
    #: Works on a page of it.
    size: int
    works: tuple[Json, ...]
    next_cursor: str | None
    #: The number of this page, where pages are asked for by number.
    number: int | None


def read_author(page: Page) -> Json:
    """The author that an answer is. Raises ParseError."""
    author = read_json(page, stage="author")
    _refuse_error(author)
    read_id(author["id"], letter="A")
    return author


def read_list(page: Page) -> WorkList:
    """The page of a list that an answer is. Raises ParseError."""
    document = read_json(page, stage="papers")
    _refuse_error(document)
    meta = document["meta"]
    if document["results"].is_null:
        document["results"].refuse("a list")
    return WorkList(
        total=meta["count"].whole(),
        size=meta["per_page"].whole_or_none() or PAGE_SIZE,
        works=items(document["results"], at_most=1_000),
        next_cursor=meta["next_cursor"].text_or_none(),
        number=meta["page"].whole_or_none(),
    )


def _refuse_error(document: Json) -> None:
    if "error" in document:
        message = document["message"].value or document["error"].value
        raise ParseError("the answer is an error", stage=document.stage, excerpt=str(message))


def read_id(value: Json, *, letter: str) -> str:
    """``W2277923667``; the letter says that it is a work, and not an author (A)."""
    match = _ID.fullmatch(value.text())
    if match is None or match[1][0].upper() != letter:
        value.refuse(f"an OpenAlex id with {letter}")
    return match[1].upper()
