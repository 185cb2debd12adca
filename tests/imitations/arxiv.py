"""An imitation of arXiv: feeds of author identifiers, and the query interface with its pages and its errors.

Only works with an arXiv id are there; one without a day is of January 1 of its year, noon.
"""

from collections.abc import Sequence
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from tests.imitations.scholars import Imitation, Question, Work, xml_reply
from world.wire import Reply

_ATOM_TYPE = "application/atom+xml; charset=utf-8"
_MOST_RESULTS = 2000


class ArxivSite(Imitation):
    """A scholar's key is the author identifier; a query ``au:`` finds a scholar by name or by works' authors."""

    def reply(self, question: Question) -> Reply:
        if question.path == "/api/query":
            return self._found(question)
        if question.path.startswith("/a/"):
            return self._authors_feed(question.path.removeprefix("/a/"))
        return _not_found()

    def _authors_feed(self, name: str) -> Reply:
        key, dot, form = name.rpartition(".")
        scholar = self.scholars.get(key if dot else name)
        if scholar is None or form not in ("atom", "atom2"):
            return _not_found()
        entries = "".join(_author_entry(work, joined=form == "atom2") for work in _on_arxiv(scholar.works))
        address = f"http://arxiv.org/a/{scholar.key}"
        return xml_reply(
            "<?xml version='1.0' encoding='utf-8'?>\n"
            '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">\n'
            f"  <title>{escape(scholar.name)}'s articles on arXiv</title>\n"
            '  <link rel="describes" href="" />\n  <updated>2026-11-22T00:00:00+00:00</updated>\n'
            f"  <id>{address}</id>\n"
            f'  <link href="{address}.{form}" rel="self" type="application/atom+xml" />\n'
            f'  <link rel="describes" href="{address}" />\n{entries}</feed>\n',
            content_type=_ATOM_TYPE,
        )

    def _found(self, question: Question) -> Reply:
        start, size = question.query.get("start", "0"), question.query.get("max_results", "10")
        for name, value in (("start", start), ("max_results", size)):
            if not value.isdecimal():
                return _error(f"{name} must be an integer", f"{name}_must_be_an_integer")
        if int(size) > _MOST_RESULTS:
            return _error(f"max_results must not exceed {_MOST_RESULTS}", "max_results_too_large")
        query, ids = question.query.get("search_query", ""), question.query.get("id_list", "")
        works = self._search(query)
        if question.query.get("sortBy") == "submittedDate":
            works.sort(key=_day, reverse=question.query.get("sortOrder") == "descending")
        shown = works[int(start) : int(start) + int(size)]
        return xml_reply(
            "<?xml version='1.0' encoding='UTF-8'?>\n"
            '<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" '
            'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">\n'
            "  <id>https://arxiv.org/api/oqaUC9OB2SccftmJHZqrxySXrao</id>\n"
            f"  <title>arXiv Query: search_query={escape(query)}&amp;id_list={escape(ids)}"
            f"&amp;start={start}&amp;max_results={size}</title>\n"
            "  <updated>2026-11-22T22:09:26Z</updated>\n"
            f"  <opensearch:itemsPerPage>{size}</opensearch:itemsPerPage>\n"
            f"  <opensearch:totalResults>{len(works)}</opensearch:totalResults>\n"
            f"  <opensearch:startIndex>{start}</opensearch:startIndex>\n" + "".join(map(_entry, shown)) + "</feed>\n",
            content_type=_ATOM_TYPE,
        )

    def _search(self, query: str) -> list[Work]:
        """The works of which a scholar, or any author, has the name; each once."""
        name = query.removeprefix("au:").strip('"').replace("_", " ").casefold()
        found = {
            work.arxiv_id: work
            for scholar in self.scholars.values()
            for work in _on_arxiv(scholar.works)
            if name in (scholar.name.casefold(), *(author.casefold() for author in work.authors))
        }
        return list(found.values())


def _on_arxiv(works: Sequence[Work]) -> list[Work]:
    return [work for work in works if work.arxiv_id]


def _day(work: Work) -> date:
    return work.published or date(work.year or 1991, 1, 1)


def _entry(work: Work) -> str:
    """An entry of the query interface."""
    address = f"https://arxiv.org/abs/{work.arxiv_id}v{work.version}"
    doi = f"    <arxiv:doi>{escape(work.doi)}</arxiv:doi>\n" if work.doi else ""
    venue = f"    <arxiv:journal_ref>{escape(work.venue)}</arxiv:journal_ref>\n" if work.venue else ""
    return (
        f"  <entry>\n    <id>{address.replace('https', 'http')}</id>\n    <title>{escape(work.title)}</title>\n"
        f"    <updated>{_day(work)}T12:00:00Z</updated>\n"
        f'    <link href="{address}" rel="alternate" type="text/html"/>\n'
        f"    <summary>  {escape(work.abstract or '')}\n</summary>\n"
        '    <category term="cs.DL" scheme="http://arxiv.org/schemas/atom"/>\n'
        f"    <published>{_day(work)}T12:00:00Z</published>\n"
        f'    <arxiv:primary_category term="cs.DL"/>\n{venue}'
        + "".join(f"    <author>\n      <name>{escape(name)}</name>\n    </author>\n" for name in work.authors)
        + f"{doi}  </entry>\n"
    )


def _author_entry(work: Work, *, joined: bool) -> str:
    """An entry of an author's feed: dates are those of New York."""
    names = [", ".join(work.authors)] if joined else list(work.authors)
    address = f"http://arxiv.org/abs/{work.arxiv_id}v{work.version}"
    doi = f"    <arxiv:doi>{escape(work.doi)}</arxiv:doi>\n" if work.doi else ""
    return (
        f"  <entry>\n    <id>{address}</id>\n"
        f"    <updated>{_day(work)}T08:00:00-04:00</updated>\n    <published>{_day(work)}T08:00:00-04:00</published>\n"
        f"    <title>{escape(work.title)}</title>\n    <summary>{escape(work.abstract or '')}</summary>\n"
        + "".join(f"    <author>\n      <name>{escape(name)}</name>\n    </author>\n" for name in names)
        + f'{doi}    <link href={quoteattr(address)} rel="alternate" type="text/html" />\n'
        '    <arxiv:primary_category term="cs.DL" scheme="http://arxiv.org/schemas/atom" '
        'label="Digital Libraries (cs.DL)" />\n'
        '    <category term="cs.DL" scheme="http://arxiv.org/schemas/atom" label="Digital Libraries (cs.DL)" />\n'
        "  </entry>\n"
    )


def _error(said: str, anchor: str) -> Reply:
    """How the interface refuses a question: a feed, with one entry."""
    address = f"https://arxiv.org/api/errors#{anchor}"
    return xml_reply(
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns="http://www.w3.org/2005/Atom">\n'
        "  <id>https://arxiv.org/</id>\n  <title>arXiv Search Results</title>\n"
        "  <opensearch:itemsPerPage>1</opensearch:itemsPerPage>\n"
        "  <opensearch:totalResults>1</opensearch:totalResults>\n  <opensearch:startIndex>0</opensearch:startIndex>\n"
        f"  <entry>\n    <id>{address}</id>\n    <title>Error</title>\n"
        f'    <link href="{address}" rel="alternate" type="text/html"/>\n    <summary>{escape(said)}</summary>\n'
        "    <author>\n      <name>arXiv api core</name>\n    </author>\n  </entry>\n</feed>\n",
        status=400,
        content_type=_ATOM_TYPE,
    )


def _not_found() -> Reply:
    page = "<!DOCTYPE html><html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>"
    return xml_reply(page, status=404, content_type="text/html; charset=utf-8")
