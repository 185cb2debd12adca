"""``/people/…/papers``: the papers of a person with the time that each was on the page; found by their words."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from alerts.inert import web_address
from tracking.directory import Stay
from tracking.reading import PaperReading
from tracking.works import Work, works
from web.pages.person import read_person
from web.presence import Presence, presence
from web.standing import health
from web.view import Page

router = APIRouter()

_AT_ONCE = 50
#: What of a paper's standing can be asked for, in words.
STANDINGS = {"listed": "on the page", "gone": "not on the page now", "removed": "removed", "new": "new since followed"}
ORDERS = {"published": "published last", "seen": "seen last", "score": "highest score", "title": "title"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A work as it stands in the list."""

    work: Work
    paper: PaperReading
    address: str
    presence: Presence

    @property
    def first_seen(self) -> datetime:
        return self.work.shown[0].listed.first_seen


@router.get("/people/{person_id}/papers")
def papers(
    page: Page,
    person_id: int,
    at: str = "",
    q: str = "",
    standing: str = "",
    code: str = "",
    sort: str = "published",
    start: int = 0,
) -> Response:
    if standing and standing not in STANDINGS:
        raise HTTPException(400, f"standing is one of {', '.join(STANDINGS)}.")
    if sort not in ORDERS:
        raise HTTPException(400, f"Papers are sorted by {', '.join(ORDERS)}.")
    state, moment = read_person(page, person_id, at)
    words = _plain(q[:200]).split()
    every = works(state)
    found = [work for work in every if _stands(work, standing) and (not code or work.best.listed.paper.has_code)]
    found = [work for work in found if all(word in _searched(work) for word in words)]
    found.sort(key=lambda work: _order(work, sort), reverse=sort != "title")
    begins = min((one.begins_at for one in state.profiles if one.begins_at is not None), default=page.now)
    stays = page.desk.store.stays(person_id)
    ids = {(one.profile.source, one.profile.key): one.profile.profile_id for one in state.profiles}
    start = max(0, start)
    return page.show(
        "papers.html.j2",
        tab="papers",
        state=state,
        at=at,
        health=health(state.person),
        chosen={"q": q, "standing": standing, "code": code, "sort": sort},
        standings=STANDINGS,
        orders=ORDERS,
        shown=[
            Shown(
                work,
                work.best.listed.paper,
                _address(work.best.listed.paper),
                presence(_stays(work, ids, stays), begins, moment or page.now, page.reader),
            )
            for work in found[start : start + _AT_ONCE]
        ],
        found=len(found),
        total=len(every),
        start=start,
        following=start + _AT_ONCE if start + _AT_ONCE < len(found) else None,
        begins=begins,
        until=moment or page.now,
    )


def _stands(work: Work, standing: str) -> bool:
    match standing:
        case "listed":
            return any(one.listed.listed for one in work.shown)
        case "gone":
            return not any(one.listed.listed for one in work.shown)
        case "removed":
            return all(one.listed.removed for one in work.shown)
        case "new":
            return not any(one.from_start for one in work.shown)
        case _:
            return True


def _order(work: Work, sort: str) -> tuple[object, ...]:
    paper = work.best.listed.paper
    match sort:
        case "seen":
            return (work.shown[0].listed.first_seen,)
        case "score":
            return (paper.score if paper.score is not None else -1.0,)
        case "title":
            return (_plain(paper.title),)
        case _:
            return (str(paper.published or ""), paper.title)


def _searched(work: Work) -> str:
    """All words of a work, as they are compared."""
    papers = (one.listed.paper for one in work.shown)
    return _plain(
        " ".join(
            " ".join([paper.title, *paper.authors, *paper.institutions, paper.abstract or "", paper.category or ""])
            for paper in papers
        )
    )


def _plain(text: str) -> str:
    """Without regard to case and accents: “Zoë” is found by “zoe”."""
    if text.isascii():
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _stays(
    work: Work, ids: Mapping[tuple[str, str], int], stays: Mapping[tuple[int, str], tuple[Stay, ...]]
) -> list[Stay]:
    keys = ((ids[one.source, one.profile], one.listed.key) for one in work.shown)
    return sorted((stay for key in keys for stay in stays.get(key, ())), key=lambda stay: stay.since)


def _address(paper: PaperReading) -> str:
    """Where the paper can be opened; empty: nobody knows."""
    candidates = (
        paper.url or "",
        f"https://arxiv.org/abs/{paper.arxiv_id}" if paper.arxiv_id else "",
        f"https://doi.org/{paper.doi}" if paper.doi else "",
    )
    return next(filter(None, map(web_address, candidates)), "")
