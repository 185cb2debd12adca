"""Small worlds, one for each source: some scholars at an imitation of it, on one day and on the next."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from scrapers.bundle import bundle
from scrapers.parse import parse_page, unread
from scrapers.parse_error import ParseError
from scrapers.registry import SOURCES
from scrapers.source import MAX_ANSWERS, Asked, SourceOptions
from tests.imitations.arxiv import ArxivSite
from tests.imitations.dblp import DblpSite
from tests.imitations.google_scholar import GoogleScholarSite
from tests.imitations.inspire import InspireSite
from tests.imitations.openalex import OpenAlexSite
from tests.imitations.openreview import OpenReviewSite
from tests.imitations.orcid import OrcidSite
from tests.imitations.personal_page import Markup, PersonalPages
from tests.imitations.scholarfeed_api import ScholarFeedApiSite
from tests.imitations.scholars import Imitation, Question, Scholar, Work
from tests.imitations.semantic_scholar import SemanticScholarSite
from tracking.check import Failure, Outcome, Page, Parsed
from world import prose
from world.markup import Style, render_page
from world.papers import Paper
from world.profile import Profile
from world.wire import Reply

DAY = date(2026, 11, 22)
_BASE = "http://imitation.test"
_FAMILIES = (
    "Quill",
    "Heron",
    "Tern",
    "Moss",
    "Kelp",
    "Juniper",
    "Larch",
    "Basalt",
    "Cobalt",
    "Lantern",
    "Drift",
    "Reed",
)
#: Of works, how many have what not all have.
_WITH_DOI, _WITH_ARXIV = 0.5, 0.6


class ScholarFeedPages(Imitation):
    """The HTML pages of Scholar Feed, of the same scholars."""

    def reply(self, question: Question) -> Reply:
        scholar = self.scholars[question.path.removeprefix("/author/")]
        page = render_page(_feed_profile(scholar), DAY, Style())
        return Reply(status=200, headers={"Content-Type": "text/html; charset=utf-8"}, body=page.encode())


def _feed_profile(scholar: Scholar) -> Profile:
    metrics = {
        "h_index": scholar.h_index,
        "papers": len(scholar.works),
        "citations": scholar.citations,
        "novelty": 0.55,
        "ai_score": 63,
    }
    papers = tuple(
        Paper(
            arxiv_id=work.arxiv_id or f"{2000 + int(work.key) % 600:04d}.{int(work.key):05d}",
            title=work.title,
            authors=work.authors,
            published=work.published or DAY,
            institutions=("lakeside",),
            has_code=int(work.key) % 3 == 0,
            score=50 + int(work.key) % 40 + 0.5,
            abstract=work.abstract or "",
        )
        for work in scholar.works
    )
    return Profile(key=scholar.key, name=scholar.name, metrics=metrics, papers=papers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a source's imitation has its profiles; ``key`` makes a key of a number, ``{}`` stands for it in a path."""

    site: Callable[[list[Scholar]], Imitation]
    path: str
    key: Callable[[int], str] = str


def _orcid(number: int) -> str:
    """An iD with its check digit."""
    digits = f"{number:015d}"
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    whole = digits + ("X" if check == 10 else str(check))
    return "-".join(whole[start : start + 4] for start in range(0, 16, 4))


def _feed_api(scholars: list[Scholar]) -> Imitation:
    """All that it lists is on arXiv."""
    on_arxiv = [replace(one, works=tuple(work for work in one.works if work.arxiv_id)) for one in scholars]
    return ScholarFeedApiSite(on_arxiv, calls_left=100_000)


PLACES: Mapping[str, Place] = {
    "scholarfeed": Place(site=ScholarFeedPages, path="/author/{}"),
    "arxiv": Place(site=ArxivSite, path="/a/{}", key=lambda number: f"quill_a_{number}"),
    "dblp": Place(site=DblpSite, path="/pid/{}", key=lambda number: f"{number}/1234"),
    "generic": Place(site=lambda scholars: PersonalPages(scholars, markup=Markup.MICRODATA), path="/~{}"),
    "google_scholar": Place(
        site=GoogleScholarSite, path="/citations?hl=en&user={}", key=lambda number: f"aaaaaaaa{number:02d}AJ"
    ),
    "inspire": Place(site=InspireSite, path="/authors/{}", key=lambda number: str(1_000_000 + number)),
    "openalex": Place(site=OpenAlexSite, path="/authors/{}", key=lambda number: f"A{5_000_000 + number}"),
    "openreview": Place(site=OpenReviewSite, path="/profile?id={}", key=lambda number: f"~Ada_Quill{number}"),
    "orcid": Place(site=OrcidSite, path="/{}", key=_orcid),
    "scholarfeed_api": Place(site=_feed_api, path="/author/{}"),
    "semantic_scholar": Place(site=SemanticScholarSite, path="/author/{}"),
}


def scholars(place: Place, seed: int, count: int) -> list[Scholar]:
    """So many scholars with eight to twenty works each."""
    draw = Random(seed)
    found = []
    for number in range(1, count + 1):
        name = f"Ada {_FAMILIES[number % len(_FAMILIES)]}"
        works = [_work(draw, name, 100 * number + position) for position in range(draw.randint(8, 20))]
        works.sort(key=lambda work: work.published or DAY, reverse=True)
        found.append(
            Scholar(
                key=place.key(number),
                name=name,
                works=tuple(works),
                h_index=draw.randint(4, 40),
                i10_index=draw.randint(4, 60),
                citations=draw.randint(1_200, 40_000),
                cited_by_year={year: draw.randint(50, 900) for year in range(2019, 2027)},
                affiliation="Lakeside University",
            )
        )
    return found


def _work(draw: Random, name: str, number: int) -> Work:
    published = DAY - timedelta(days=draw.randint(40, 3000))
    return Work(
        key=str(number),
        title=f"{prose.title(draw, 'LG')} {number}",
        authors=(name, *draw.sample(["Bo Sample", "Cy Example", "Di Model", "Ed Case"], draw.randint(1, 3))),
        year=published.year,
        published=published,
        doi=f"10.5555/{number}" if draw.random() < _WITH_DOI else None,
        arxiv_id=f"{published:%y%m}.{number:05d}" if draw.random() < _WITH_ARXIV else None,
        abstract=prose.abstract(draw, "LG"),
        venue="Journal of Made-Up Results" if draw.random() < _WITH_DOI else None,
        citations=draw.randint(0, 400),
    )


def next_day(before: list[Scholar], seed: int) -> list[Scholar]:
    """What a day brings: citations, here and there a paper, and one person who takes down half of the list."""
    draw = Random(seed)
    after = []
    for number, scholar in enumerate(before):
        works = tuple(replace(work, citations=(work.citations or 0) + draw.randint(0, 2)) for work in scholar.works)
        if draw.random() < 0.2:
            new = replace(_work(draw, scholar.name, 5000 + number), published=DAY, year=DAY.year)
            works = (new, *works)
        after.append(replace(scholar, works=works, citations=(scholar.citations or 0) + draw.randint(1, 9)))
    odd = draw.randrange(len(after))
    after[odd] = replace(after[odd], works=after[odd].works[: len(after[odd].works) // 2])
    return after


def read(source: str, site: Imitation, key: str, change: Callable[[bytes], bytes]) -> Parsed | Failure:
    """A check of a profile at a site that has changed every answer; there is no network."""
    adapter = SOURCES[source]
    url = _BASE + PLACES[source].path.format(key)
    asked = Asked(profile_url=url, base=_BASE, options=SourceOptions())
    try:
        while len(asked.answers) < MAX_ANSWERS and (request := adapter.next_request(asked)) is not None:
            asked = replace(asked, answers=(*asked.answers, _answer(site, request.url, request.headers, change)))
    except ParseError as error:
        return unread(asked.answers[-1], error)
    except LookupError as error:
        return Failure(outcome=Outcome.UNREACHABLE, detail=str(error), url=url)
    return parse_page(source, bundle(asked.answers), DAY)


def _answer(site: Imitation, url: str, headers: Mapping[str, str], change: Callable[[bytes], bytes]) -> Page:
    parts = urlsplit(url)
    asked = {name.lower(): value for name, value in headers.items()}
    reply: Any = site.reply(Question(parts.path, dict(parse_qsl(parts.query)), asked))
    if reply.status != 200:
        raise LookupError(f"{url}: {reply.status}")
    types = {name.lower(): value for name, value in reply.headers.items()}
    return Page(url=url, status=200, headers=types, body=change(reply.body))
