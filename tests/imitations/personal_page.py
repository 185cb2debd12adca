"""Personal pages that show a scholar's works, each marked up in one of the ways that people mark such pages up."""

import hashlib
import json
from collections.abc import Iterable
from enum import StrEnum
from html import escape
from typing import Any

from tests.imitations.scholars import Imitation, Question, Scholar, Work
from world.wire import Reply


class Markup(StrEnum):
    JSON_LD = "JSON-LD"
    MICRODATA = "microdata"
    RDFA = "RDFa Lite"
    TAGS = "citation tags"
    CLASSES = "classes that only its author knows"


#: What reads `Markup.CLASSES`.
SELECTORS = {
    "paper": "ul.pubs > li",
    "title": ".title",
    "authors": ".authors",
    "year": ".year",
    "link": "a.own",
    "name": "h1",
}


class PersonalPages(Imitation):
    """A page at ``/~KEY``, which knows its ETag."""

    def __init__(self, scholars: Iterable[Scholar] = (), *, markup: Markup = Markup.CLASSES, port: int = 0) -> None:
        super().__init__(scholars, port=port)
        self.markup = markup

    def profile_url(self, key: str) -> str:
        return f"{self.url}/~{key}"

    def reply(self, question: Question) -> Reply:
        scholar = self.scholars.get(question.path.removeprefix("/~"))
        if scholar is None:
            return Reply(status=404, headers={"Content-Type": "text/html"}, body=b"<h1>Not Found</h1>")
        body = render(scholar, self.markup).encode()
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if question.headers.get("if-none-match") == etag:
            return Reply(status=304, headers={"ETag": etag})
        return Reply(status=200, headers={"Content-Type": "text/html; charset=utf-8", "ETag": etag}, body=body)


def render(scholar: Scholar, markup: Markup) -> str:
    """The page; works without a DOI lead to a page beside it."""
    head, rows = "", ""
    match markup:
        case Markup.JSON_LD:
            # A script ends where it says so, whatever stands in a text.
            document = json.dumps(_graph(scholar), ensure_ascii=False).replace("<", "\\u003c")
            head = f'<script type="application/ld+json">{document}</script>'
        case Markup.MICRODATA:
            rows = "".join(_microdata(work) for work in scholar.works)
        case Markup.RDFA:
            rows = "".join(_rdfa(work) for work in scholar.works)
        case Markup.TAGS:
            head = "".join(_tags(work) for work in scholar.works)
        case Markup.CLASSES:
            rows = "".join(_classes(work) for work in scholar.works)
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>Home</title>{head}</head>'
        f'<body vocab="https://schema.org/"><h1>{escape(scholar.name)}</h1><ul class="pubs">{rows}</ul></body></html>'
    )


def page_of(work: Work) -> str:
    """Where the page of a work is."""
    return f"https://doi.org/{work.doi}" if work.doi else f"/papers/{work.key}.html"


def _date(work: Work) -> str | None:
    return work.published.isoformat() if work.published else str(work.year) if work.year else None


def _graph(scholar: Scholar) -> dict[str, Any]:
    me = {"@type": "Person", "@id": "#me", "name": scholar.name}
    return {"@context": "https://schema.org", "@graph": [me, *(_thing(work, scholar.name) for work in scholar.works)]}


def _thing(work: Work, owner: str) -> dict[str, Any]:
    thing: dict[str, Any] = {
        "@type": "ScholarlyArticle",
        "headline": work.title,
        "author": [{"@id": "#me"} if name == owner else {"@type": "Person", "name": name} for name in work.authors],
        "url": page_of(work),
        "abstract": work.abstract,
        "datePublished": _date(work),
        "citation": [{"@type": "ScholarlyArticle", "name": "A work of somebody else", "author": "Some Body"}],
    }
    if work.arxiv_id:
        thing["identifier"] = {"@type": "PropertyValue", "propertyID": "arXiv", "value": f"arXiv:{work.arxiv_id}"}
    return {name: value for name, value in thing.items() if value is not None}


def _microdata(work: Work) -> str:
    authors = ", ".join(
        f'<span itemprop="author" itemscope itemtype="https://schema.org/Person"><span itemprop="name">{escape(name)}</span></span>'
        for name in work.authors
    )
    same = f'<link itemprop="sameAs" href="https://arxiv.org/abs/{work.arxiv_id}">' if work.arxiv_id else ""
    date = f'<time itemprop="datePublished" datetime="{_date(work)}">then</time>' if _date(work) else ""
    abstract = f'<p itemprop="abstract">{escape(work.abstract)}</p>' if work.abstract else ""
    return (
        '<li itemscope itemtype="https://schema.org/ScholarlyArticle">'
        f'<a itemprop="url" href="{page_of(work)}"><span itemprop="headline">{escape(work.title)}</span></a> '
        f"{authors}{same}{date}{abstract}</li>"
    )


def _rdfa(work: Work) -> str:
    authors = ", ".join(
        f'<span property="author" typeof="Person"><span property="name">{escape(name)}</span></span>'
        for name in work.authors
    )
    same = f'<link property="sameAs" href="https://arxiv.org/abs/{work.arxiv_id}">' if work.arxiv_id else ""
    date = f'<meta property="datePublished" content="{_date(work)}">' if _date(work) else ""
    abstract = f'<p property="abstract">{escape(work.abstract)}</p>' if work.abstract else ""
    return (
        f'<li typeof="ScholarlyArticle"><a property="url" href="{page_of(work)}"><b property="name">{escape(work.title)}</b></a> '
        f"{authors}{same}{date}{abstract}</li>"
    )


def _tags(work: Work) -> str:
    said = [("title", work.title), *(("author", name) for name in work.authors)]
    said += [("publication_date", (_date(work) or "").replace("-", "/")), ("abstract", work.abstract or "")]
    said += [("abstract_html_url", page_of(work)), ("arxiv_id", work.arxiv_id or "")]
    return "".join(f'<meta name="citation_{name}" content="{escape(text)}">' for name, text in said if text)


def _classes(work: Work) -> str:
    arxiv = f' [<a href="https://arxiv.org/abs/{work.arxiv_id}">preprint</a>]' if work.arxiv_id else ""
    year = f'<span class="year">In {work.venue or "a journal"}, {_date(work)}</span>' if _date(work) else ""
    return (
        f'<li><a href="/people/friend.html">♥</a> <span class="title"><a class="own" href="{page_of(work)}">{escape(work.title)}</a></span>'
        f'<br><span class="authors">{escape(" and ".join(work.authors))}</span> {year}{arxiv}</li>'
    )
