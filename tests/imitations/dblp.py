"""An imitation of DBLP: a person as XML (``/pid/KEY.xml``) and as a page, in both layouts since 2015.

    /pid/KEY, /pid/KEY.html        the page as it is today
    /pers/hd/h/NAME                the page as it was until 2018; the name stands for the person
    /pers/xx/h/NAME                the XML of the person whose name this is

A work with an arXiv id is informal, in the journal CoRR; any other is in proceedings. Titles end with a dot, as there.
"""

from html import escape
from xml.sax.saxutils import quoteattr

from tests.imitations.scholars import Imitation, Question, Scholar, Work, xml_reply
from world.wire import Reply

_HTML_TYPE = "text/html; charset=utf-8"


class DblpSite(Imitation):
    """A scholar's key is the pid: ``07/3228``."""

    def reply(self, question: Question) -> Reply:
        kind, _, rest = question.path.strip("/").partition("/")
        if kind == "pers":
            form, _, name = rest.partition("/")
            scholar = next((each for each in self.scholars.values() if urlpt(each.name) == name), None)
            shown = {"xx": person_xml, "hd": person_page_of_2015}.get(form)
        else:
            key, dot, form = rest.rpartition(".")
            scholar = self.scholars.get(key if dot else rest) if kind == "pid" else None
            shown = {"xml": person_xml, "html": person_page}.get(form if dot else "html")
        if scholar is None or shown is None:
            return xml_reply(_NOT_FOUND, status=404, content_type=_HTML_TYPE)
        return xml_reply(shown(scholar), content_type="text/xml" if shown is person_xml else _HTML_TYPE)


_NOT_FOUND = (
    '<!DOCTYPE html>\n<html lang="en"><head><meta charset="UTF-8"><title>dblp: Not found</title></head>'
    "<body><h1>Error 404: Not Found</h1></body></html>"
)


def urlpt(name: str) -> str:
    """How names stood in URLs: ``h/Hinton:Geoffrey_E=``."""
    given, _, family = name.rpartition(" ")
    text = "".join(sign if sign.isalnum() or sign in " :" else "=" for sign in f"{family}:{given}")
    return f"{family[:1].lower()}/{text.replace(' ', '_')}"


def record_key(work: Work) -> str:
    """The key of a work's record."""
    if work.arxiv_id:
        return f"journals/corr/abs-{work.arxiv_id.replace('.', '-').replace('/', '-')}"
    return f"conf/made/{work.key}"


def person_xml(scholar: Scholar) -> str:
    """The XML of a person."""
    key, name = quoteattr(scholar.key), quoteattr(scholar.name)
    records = "".join(f"<r>{_record(work)}</r>\n" for work in scholar.works)
    return (
        '<?xml version="1.0"?>\n'
        f'<dblpperson name={name} pid={key} n="{len(scholar.works)}">\n'
        f'<person key="homepages/{scholar.key}" mdate="2026-01-02">\n'
        f"<author pid={key}>{escape(scholar.name)}</author>\n"
        f"</person>\n{records}"
        '<coauthors n="1" nc="1">\n<co c="0"><na f="x/X:Y" pid="1/2">Y X</na></co>\n</coauthors>\n</dblpperson>\n'
    )


def _record(work: Work) -> str:
    tag = "article" if work.arxiv_id else "inproceedings"
    publtype = ' publtype="informal"' if work.arxiv_id else ""
    return (
        f'<{tag} key="{record_key(work)}"{publtype} mdate="2026-01-02">\n'
        + "".join(f'<author pid="1/{n}">{escape(name)}</author>\n' for n, name in enumerate(work.authors))
        + f"<title>{escape(_with_dot(work.title))}</title>\n"
        + (f"<year>{work.year}</year>\n" if work.year else "")
        + (f"<volume>abs/{work.arxiv_id}</volume>\n<journal>CoRR</journal>\n" if work.arxiv_id else "")
        + "".join(f"<ee>{escape(link)}</ee>\n" for link in _links(work))
        + f"<url>db/made/made.html#{work.key}</url>\n</{tag}>"
    )


def _with_dot(title: str) -> str:
    return title if title.endswith(("?", "!", ".")) else f"{title}."


def _links(work: Work) -> list[str]:
    return [f"https://doi.org/{work.doi}"] if work.doi else []


def person_page(scholar: Scholar) -> str:
    """The page of a person, as it is today."""
    return _page(scholar, "cite", 'class="data tts-content"')


def person_page_of_2015(scholar: Scholar) -> str:
    """The page of a person, as it was until 2018."""
    return _page(scholar, "div", 'class="data"')


def _page(scholar: Scholar, tag: str, attributes: str) -> str:
    name = escape(scholar.name)
    headline = f'<span class="name primary" itemprop="name">{name}</span>' if tag == "cite" else name
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="UTF-8">'
        f"<title>dblp: {name}</title></head>\n"
        f'<body>\n<div id="main">\n<header id="headline" class="headline noline" data-pid="{escape(scholar.key)}">'
        f'<h1>{headline}</h1></header>\n<div id="publ-section" class="section">\n'
        f'<ul class="publ-list">\n{_rows(scholar, tag, attributes)}</ul>\n</div>\n</div>\n</body>\n</html>\n'
    )


def _rows(scholar: Scholar, tag: str, attributes: str) -> str:
    """The entries, with a row for the year before those of each."""
    rows: list[str] = []
    left = {letter: sum(_letter(work) == letter for work in scholar.works) for letter in "ci"}
    year: int | None = None
    for work in scholar.works:
        if work.year is not None and work.year != year:
            rows.append(f'<li class="year">{work.year}</li>\n')
            year = work.year
        label = f"{_letter(work)}{left[_letter(work)]}"
        left[_letter(work)] -= 1
        rows.append(_row(work, label, scholar.name, tag, attributes))
    return "".join(rows)


def _letter(work: Work) -> str:
    return "i" if work.arxiv_id else "c"


def _row(work: Work, label: str, person: str, tag: str, attributes: str) -> str:
    kind = "informal" if work.arxiv_id else "inproceedings"
    links = "".join(f'<li class="ee"><a href="{escape(link)}" itemprop="url">view</a></li>' for link in _links(work))
    venue = "CoRR" if work.arxiv_id else "MADE"
    volume = (
        ' <span itemprop="isPartOf" itemscope itemtype="http://schema.org/PublicationVolume">'
        f'<span itemprop="volumeNumber">abs/{work.arxiv_id}</span></span>'
        if work.arxiv_id
        else ""
    )
    published = f'<span itemprop="datePublished">{work.year}</span>' if work.year else ""
    return (
        f'<li class="entry {kind} toc" id="{record_key(work)}" itemscope itemtype="http://schema.org/ScholarlyArticle">'
        f'<div class="box"><img alt="" src="/img/n.png"></div><div class="nr" id="{label}">[{label}]</div>'
        f'<nav class="publ"><ul><li class="drop-down"><div class="body"><ul>{links}</ul></div></li></ul></nav>'
        f'<{tag} {attributes} itemprop="headline">{", ".join(_author(name, person) for name in work.authors)}:<br>'
        f' <span class="title" itemprop="name">{escape(_with_dot(work.title))}</span>'
        ' <a href="/db/made/made.html"><span itemprop="isPartOf" itemscope itemtype="http://schema.org/BookSeries">'
        f'<span itemprop="name">{venue}</span></span>{volume}</a> ({published})'
        f'<meta property="genre" content="computer science"></{tag}></li>\n'
    )


def _author(name: str, person: str) -> str:
    shown = escape(name)
    if name == person:
        inner = f'<span class="this-person" itemprop="name">{shown}</span>'
    else:
        inner = f'<a href="/pid/1/2.html" itemprop="url"><span itemprop="name" title="{shown}">{shown}</span></a>'
    return f'<span itemprop="author" itemscope itemtype="http://schema.org/Person">{inner}</span>'
