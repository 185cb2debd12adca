"""An imitation of Google Scholar's profile pages, in the layouts that they have had and in several languages.

Only what a reader of the pages relies upon is imitated: ids, classes, their nesting, the chart's coordinates, the buttons
for more rows, and what robots.txt says. The words are ours.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from types import MappingProxyType
from urllib.parse import urlencode

from tests.imitations.scholars import Imitation, Question, Scholar, Work
from world.wire import Reply

ROBOTS = """User-agent: *
Disallow: /search
Disallow: /scholar
Disallow: /citations?
Allow: /citations?user=
Disallow: /citations?*cstart=
"""
#: The first year of the second column of metrics.
SINCE = 2021
_USUAL_SIZE = 20
_LARGEST_SIZE = 100


class Layout(StrEnum):
    CIT = "until the spring of 2014"
    FIRST_GSC = "2014 to 2017"
    GSC = "since 2018"


@dataclass(frozen=True, slots=True)
class Words:
    """What a page says in one language."""

    since: str
    metrics: tuple[str, str, str]
    articles: str
    digits: str = "0123456789"

    def number(self, value: int) -> str:
        return str(value).translate(str.maketrans("0123456789", self.digits))


LANGUAGES: Mapping[str, Words] = MappingProxyType(
    {
        "en": Words("Since {}", ("Citations", "h-index", "i10-index"), "Articles {}–{}"),
        "de": Words("Seit {}", ("Zitate", "h-index", "i10-index"), "Artikel {}–{}"),
        "zh-CN": Words("{} 年至今", ("引用", "h 指数", "i10 指数"), "文章 {}–{}"),
        "ar": Words("منذ {}", ("اقتباسات", "مؤشر h", "مؤشر i10"), "المقالات {}–{}", "٠١٢٣٤٥٦٧٨٩"),
    }
)


class GoogleScholarSite(Imitation):
    """Profiles at ``/citations?user=KEY``; a key has 12 characters."""

    def __init__(self, scholars: Iterable[Scholar] = (), *, layout: Layout = Layout.GSC, port: int = 0) -> None:
        super().__init__(scholars, port=port)
        self.layout = layout

    def profile_url(self, key: str) -> str:
        return f"{self.url}/citations?hl=de&user={key}"

    def reply(self, question: Question) -> Reply:
        if question.path == "/robots.txt":
            return Reply(status=200, headers={"Content-Type": "text/plain"}, body=ROBOTS.encode())
        scholar = self.scholars.get(question.query.get("user", ""))
        if question.path != "/citations" or scholar is None:
            return Reply(status=404, headers={"Content-Type": "text/html; charset=UTF-8"}, body=b"<h1>Not Found</h1>")
        page = render(
            scholar,
            self.layout,
            first=int(question.query.get("cstart", "0")),
            size=min(int(question.query.get("pagesize", _USUAL_SIZE)), _LARGEST_SIZE),
            language=question.query.get("hl", "en"),
        )
        return Reply(status=200, headers={"Content-Type": "text/html; charset=UTF-8"}, body=page.encode())


def render(scholar: Scholar, layout: Layout, *, first: int = 0, size: int = 20, language: str = "en") -> str:
    """A page of so many papers of the list, which is in the order that the scholar has it."""
    words = LANGUAGES[language]
    works = scholar.works[first : first + size]
    has_more = len(scholar.works) > first + size
    if layout is Layout.CIT:
        body = _cit_head(scholar, words) + _cit_list(scholar, works, words, first, has_more=has_more)
    else:
        body = _gsc_head(scholar, words, layout) + _gsc_list(scholar, works, words, first, layout, has_more=has_more)
    title = f"{escape(scholar.name)} - Google Scholar"
    return f"<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>"


def _values(scholar: Scholar) -> list[tuple[int, int]]:
    """All and recent, for each metric."""
    recent = sum(count for year, count in scholar.cited_by_year.items() if year >= SINCE)
    return [
        (scholar.citations or 0, recent),
        (scholar.h_index or 0, scholar.h_index or 0),
        (scholar.i10_index or 0, scholar.i10_index or 0),
    ]


def _view(scholar: Scholar, work: Work) -> str:
    query = {"view_op": "view_citation", "hl": "en", "user": scholar.key}
    return escape(f"/citations?{urlencode(query)}&citation_for_view={scholar.key}:{work.key}")


def _count(value: int | None, words: Words) -> str:
    return words.number(value) if value else ""


def _cit_head(scholar: Scholar, words: Words) -> str:
    name = f'<span id="cit-name-read"><span id="cit-name-display" class="cit-in-place-nohover">{escape(scholar.name)}</span></span>'
    if scholar.citations is None:
        return name
    rows = "".join(
        f'<tr class="cit-borderbottom"><td class="cit-caption"><a href="#" class="cit-dark-link">{label}</a></td>'
        f'<td class="cit-borderleft cit-data">{words.number(total)}</td>'
        f'<td class="cit-borderleft cit-data">{words.number(recent)}</td></tr>'
        for label, (total, recent) in zip(words.metrics, _values(scholar), strict=True)
    )
    since = words.since.format(words.number(SINCE))
    return (
        f'{name}<div class="cit-lbb"><table id="stats"><tr class="cit-headerrow"><td class="cit-caption">&nbsp;</td>'
        f'<td class="cit-borderleft">All</td><td class="cit-borderleft">{since}</td></tr>{rows}</table></div>'
    )


def _cit_list(scholar: Scholar, works: Sequence[Work], words: Words, first: int, *, has_more: bool) -> str:
    rows = " ".join(
        f'<tr class="cit-table item"><td id="col-title"><a href="{_view(scholar, work)}" class="cit-dark-large-link">'
        f'{escape(work.title)}</a><br><span class="cit-gray">{escape(", ".join(work.authors))}</span><br>'
        f'<span class="cit-gray">{escape(work.venue or "")}</span></td><td id="col-citedby">'
        f'<a class="cit-dark-link" href="/scholar?cites=1">{_count(work.citations, words)}</a></td>'
        f'<td id="col-asterisk"></td><td id="col-year">{_count(work.year, words)}</td></tr>'
        for work in works
    )
    link = f"/citations?hl=en&amp;user={scholar.key}&amp;view_op=list_works&amp;cstart="
    more = f'<a href="{link}{first + len(works)}" class="cit-dark-link">Next &gt;</a>' if has_more else ""
    less = f'<a href="{link}0" class="cit-dark-link">&lt; Previous</a>' if first else ""
    return (
        f'<form id="citationsForm">{less}<span>{first + 1}-{first + len(works)}</span>{more}<table class="cit-table">'
        f'<tr class="cit-table header"><td id="col-title">Title / Author</td><td id="col-citedby">Cited by</td>'
        f'<td id="col-year">Year</td></tr>{rows}</table></form>'
    )


def _gsc_head(scholar: Scholar, words: Words, layout: Layout) -> str:
    name = f'<div id="gsc_prf_in">{escape(scholar.name)}</div><div class="gsc_prf_il">A University</div>'
    if scholar.citations is None:
        return name
    heads = ["All", words.since.format(words.number(SINCE))]
    if layout is Layout.FIRST_GSC:
        top = '<tbody><tr><th class="gsc_rsb_sc1"><a href="javascript:void(0)">Citation indices</a></th>'
        top += "".join(f'<th class="gsc_rsb_sth">{head}</th>' for head in heads) + "</tr>"
    else:
        top = "<thead><tr>" + "".join(f'<th class="gsc_rsb_sth">{head}</th>' for head in ["", *heads])
        top += "</tr></thead><tbody>"
    rows = "".join(
        f'<tr><td class="gsc_rsb_sc1"><a href="javascript:void(0)" class="gsc_rsb_f gs_ibl">{label}</a></td>'
        f'<td class="gsc_rsb_std">{words.number(total)}</td><td class="gsc_rsb_std">{words.number(recent)}</td></tr>'
        for label, (total, recent) in zip(words.metrics, _values(scholar), strict=True)
    )
    return f'{name}<table id="gsc_rsb_st">{top}{rows}</tbody></table>{_chart(scholar, words, layout)}'


def _chart(scholar: Scholar, words: Words, layout: Layout) -> str:
    """Every year has its place, and one in which somebody cited has a bar over that."""
    if not scholar.cited_by_year:
        return ""
    years = range(min(scholar.cited_by_year), max(scholar.cited_by_year) + 1)
    is_old = layout is Layout.FIRST_GSC
    side = "left" if is_old else "right"
    places = {year: 3 + 32 * (position if is_old else len(years) - 1 - position) for position, year in enumerate(years)}
    labels = "".join(
        f'<span class="gsc_g_t" style="{side}:{x}px">{words.number(year)}</span>' for year, x in places.items()
    )
    bars = "".join(
        f'<a href="javascript:void(0)" class="gsc_g_a" style="{side}:{places[year] + 5}px;height:9px;z-index:1">'
        f'<span class="gsc_g_al">{words.number(count)}</span></a>'
        for year, count in sorted(scholar.cited_by_year.items())
        if count
    )
    if is_old:
        return f'<div id="gsc_g"><div id="gsc_g_x">{labels}</div><div id="gsc_g_bars">{bars}</div></div>'
    return f'<div class="gsc_md_hist_w"><div class="gsc_md_hist_b">{labels}{bars}</div></div>'


def _gsc_list(
    scholar: Scholar, works: Sequence[Work], words: Words, first: int, layout: Layout, *, has_more: bool
) -> str:
    rows = "".join(_gsc_row(scholar, work, words, layout) for work in works)
    if not works:
        rows = '<tr><td class="gsc_a_e" colspan="3">There are no articles in this profile.</td></tr>'
    shown = words.articles.format(words.number(first + 1), words.number(first + len(works)))
    disabled = "" if has_more else ' disabled="disabled"'
    return (
        f'<table id="gsc_a_t"><tbody id="gsc_a_b">{rows}</tbody></table><span id="gsc_a_nn">{shown}</span>'
        f'<div id="gsc_bpf"><button type="button" id="gsc_bpf_more"{disabled}><span>More</span></button></div>'
    )


def _gsc_row(scholar: Scholar, work: Work, words: Words, layout: Layout) -> str:
    view = _view(scholar, work)
    link = f'href="{view}"' if layout is Layout.FIRST_GSC else f'href="javascript:void(0)" data-href="{view}"'
    year = _count(work.year, words)
    return (
        f'<tr class="gsc_a_tr"><td class="gsc_a_t"><a {link} class="gsc_a_at">{escape(work.title)}</a>'
        f'<div class="gs_gray">{escape(", ".join(work.authors))}</div>'
        f'<div class="gs_gray">{escape(work.venue or "")}<span class="gs_oph">, {year}</span></div></td>'
        f'<td class="gsc_a_c"><a href="" class="gsc_a_ac gs_ibl">{_count(work.citations, words)}</a></td>'
        f'<td class="gsc_a_y"><span class="gsc_a_h gsc_a_hc gs_ibl">{year}</span></td></tr>'
    )
