"""Papers as RIS, which reference managers read: a line for each fact, ``TAG  - value``."""

from collections.abc import Iterator, Sequence

from alerts.citations.citation import Citation
from alerts.inert import inert, web_address

#: A page does not say where a paper has appeared: an unpublished work, until it is known.
_TYPE = "UNPB"


def ris_file(citations: Sequence[Citation]) -> str:
    """An entry for each paper; lines end with CRLF, as the format asks for."""
    return "".join(f"{tag}  - {value}\r\n" for citation in citations for tag, value in _lines(citation))


def _lines(citation: Citation) -> Iterator[tuple[str, str]]:
    """What is known. No value has a line of its own: what a site wrote is no tag."""
    yield "TY", _TYPE
    yield "TI", inert(citation.title)
    for author in citation.authors:
        if name := inert(author):
            yield "AU", _family_first(name)
    if citation.authors and not citation.authors_complete:
        yield "N1", "The list of authors is cut."
    if citation.published is not None:
        yield "PY", str(citation.published.year)
        yield "DA", "/".join([*str(citation.published).split("-"), "", ""][:3]) + "/"
    if citation.arxiv_id:
        yield "AN", inert(f"arXiv:{citation.arxiv_id}")
    if citation.doi:
        yield "DO", inert(citation.doi)
    if citation.url and web_address(citation.url):
        yield "UR", citation.url
    if citation.category:
        yield "KW", inert(citation.category)
    if citation.abstract:
        yield "AB", inert(citation.abstract)
    yield "ER", ""


def _family_first(name: str) -> str:
    """``Ada Moreno`` → ``Moreno, Ada``; a name of one word, or with a comma, stays."""
    given, _, family = name.rpartition(" ")
    return name if "," in name or not given else f"{family}, {given}"
