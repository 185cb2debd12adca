"""A profile as a web page: the same visible text in several markups.

    name, field, metrics, "N Papers", then one card per paper: head line, title, byline, abstract

The texts are made here, once, for all skins; a skin only chooses the elements around them.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from html import escape

from world import shell, skins
from world.papers import Paper
from world.profile import Profile

_DASH = "–"


class Skin(StrEnum):
    """Which elements hold the text."""

    ARTICLES = "articles"
    LIST = "list"
    TABLE = "table"
    DEFINITIONS = "definitions"


_RENDERERS = {
    Skin.ARTICLES: skins.articles,
    Skin.LIST: skins.ordered_list,
    Skin.TABLE: skins.table,
    Skin.DEFINITIONS: skins.definitions,
}


def head_line(paper: Paper, today: date) -> list[str]:
    """Score, category, date and code badge as far as the page shows them; the current year goes without saying."""
    shown_date = f"{paper.published:%b} {paper.published.day}"
    if paper.published.year != today.year:
        shown_date += f", {paper.published.year}"
    score = [] if paper.score is None else [f"{paper.score:.1f}"]
    return [*score, paper.category, shown_date, *(["Code"] if paper.has_code else [])]


def byline(paper: Paper, authors_shown: int) -> str:
    """``A, B, C et al. · lab, other-lab``."""
    text = ", ".join(paper.authors[:authors_shown])
    if len(paper.authors) > authors_shown:
        text += " et al."
    if paper.institutions:
        text += " · " + ", ".join(paper.institutions)
    return text


def metric_texts(profile: Profile) -> list[tuple[str, str]]:
    """Label and value of every metric the page names, in the page's order; a dash for a value it hides."""
    formats = (
        ("h_index", "h-index", "{}"),
        ("papers", "papers", "{:,}"),
        ("citations", "citations", "{:,}"),
        ("novelty", "Novelty", "{:.0%}"),
        ("ai_score", "AI Score", "{}"),
    )
    return [
        (label, _DASH if (value := profile.metrics[name]) is None else template.format(value))
        for name, label, template in formats
        if name in profile.metrics
    ]


def text_copy(profile: Profile, today: date) -> str:
    """What somebody gets who selects the whole page and copies it: plain text without links."""
    metrics = [
        value + label if label in ("papers", "citations") else label + value for label, value in metric_texts(profile)
    ]
    lines = [profile.name, "", profile.field, *metrics, "", _heading(profile), ""]
    for paper in profile.papers:
        lines += ["".join(head_line(paper, today)), paper.title, ""]
        lines += [byline(paper, profile.authors_shown), "", paper.abstract, ""]
    return "\n".join(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How the site dresses its pages; none of it changes what a reader sees of a profile."""

    skin: Skin = Skin.ARTICLES
    #: Fill the page with inline style rules up to this many bytes; a page that is longer stays as it is.
    pad_to_bytes: int = 0
    #: The release of the site: it stands in script addresses.
    build: str = "b1"
    #: The page is made in the browser: what comes is a script with all of it.
    scripted: bool = False


def render_page(profile: Profile, today: date, style: Style) -> str:
    """The whole HTML page."""
    renderer = _RENDERERS[style.skin]
    parts = skins.Parts(
        name=escape(profile.name),
        field=escape(profile.field),
        metrics=metric_texts(profile),
        heading=_heading(profile),
        cards=[renderer.card(_card_text(paper, profile.authors_shown, today)) for paper in profile.papers],
    )
    page = shell.around(
        renderer.page(parts),
        title=profile.name,
        build=style.build,
        island=_island(profile, style.skin),
        pad_to_bytes=style.pad_to_bytes,
    )
    return shell.scripted(page) if style.scripted else page


def _card_text(paper: Paper, authors_shown: int, today: date) -> skins.CardText:
    return skins.CardText(
        head=[escape(part) for part in head_line(paper, today)],
        has_score=paper.score is not None,
        title=escape(paper.title),
        link=paper.path if paper.linked else None,
        byline=escape(byline(paper, authors_shown)),
        abstract=escape(paper.abstract, quote=False),
    )


def _heading(profile: Profile) -> str:
    return f"{len(profile.papers):,} Papers"


def _island(profile: Profile, skin: Skin) -> str:
    """Machine-readable facts as frameworks leave them in a page; the table skin has none."""
    facts = {
        "author": {"id": profile.key, "name": profile.name},
        "papers": [
            {"arxiv_id": paper.arxiv_id, "title": paper.title, "published_date": paper.published.isoformat()}
            for paper in profile.papers
            if paper.linked
        ],
    }
    match skin:
        case Skin.ARTICLES | Skin.LIST:
            island = {"props": {"pageProps": facts}, "page": "/author/[id]"}
            return shell.json_script(island, 'id="__NEXT_DATA__" type="application/json"')
        case Skin.DEFINITIONS:
            person = {"@context": "https://schema.org", "@type": "Person", "name": profile.name}
            return shell.json_script(person, 'type="application/ld+json"')
        case Skin.TABLE:
            return ""
