"""Why somebody has not heard of a paper or a person: what is meant, what is stored about it, and the answers.

asked → a paper by key or identifier | a person by name | a paper by a part of its title | neither
      → facts                          short transactions
      → pages that are held back       parsed again, only where no accepted page has the paper
      → answers                        pure: tracking.why_not
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from scrapers.identifiers import ArxivId, doi_in_url, read_doi
from scrapers.parse import parse_page
from storage.errors import UnknownPerson
from storage.store import Store
from tracking.aliases import aliases
from tracking.answer import Answer, HeldPaper, PaperFacts, PersonFacts, Reason, RejectedFrom
from tracking.asked import AskedPaper
from tracking.cadence import Cadences
from tracking.check import Parsed
from tracking.kept import HeldPage
from tracking.reading import PaperReading
from tracking.why_not import about_paper, about_person, about_unseen


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The answers, the most likely first, and what they are about; neither paper nor person: no page shows either."""

    answers: tuple[Answer, ...]
    paper: PaperFacts | None = None
    person: PersonFacts | None = None
    #: Names of people that come near what was asked for.
    near: tuple[str, ...] = ()

    @property
    def is_unknown(self) -> bool:
        """True when nothing is known under the name that was asked for."""
        return any(answer.reason is Reason.NEVER_SEEN for answer in self.answers)


def why_not(store: Store, asked: str, *, receiver: str | None, now: datetime, cadences: Cadences | None) -> Reply:
    """Why a receiver (None: each) has not heard of a paper or a person.

    ``cadences`` say when pages are due next; None: nobody knows. Raises UnknownPerson or ManyPapers where several are
    meant.
    """
    paper = asked_paper(asked)
    if (called := store.paper_called(paper)) is not None:
        return _of_paper(called, receiver)
    try:
        person = store.person_facts(asked, now, cadences)
        return Reply(person=person, answers=tuple(about_person(person, receiver)))
    except UnknownPerson as unknown:
        if (titled := store.paper_titled(paper)) is not None:
            return _of_paper(titled, receiver)
        if unknown.ambiguous:
            raise
        return Reply(answers=tuple(_unseen(store, paper, now)), near=unknown.candidates)


def asked_paper(text: str) -> AskedPaper:
    """What a text means that is a key, an arXiv id, a DOI, the URL of either, or a part of a title."""
    url = text.strip() if "://" in text else f"https://{text.strip()}"
    arxiv = ArxivId.read(text) or ArxivId.in_url(url, frozenset())
    doi = read_doi(text) or doi_in_url(url)
    return AskedPaper.of(text, [*([f"arxiv:{arxiv.id}"] if arxiv else []), *([f"doi:{doi}"] if doi else [])])


def _of_paper(facts: PaperFacts, receiver: str | None) -> Reply:
    return Reply(paper=facts, answers=tuple(about_paper(facts, receiver)))


def _unseen(store: Store, asked: AskedPaper, now: datetime) -> list[Answer]:
    pages = store.page_states(now)
    states = {(page.source, page.key): page for page in pages}
    held: list[HeldPaper] = []
    rejected = store.rejected_from(asked)
    for doubted in store.doubted_pages():
        state = states[doubted.watch.source, doubted.watch.key]
        for paper in _asked_for(doubted, asked):
            if (since := _rejected_since(doubted, paper)) is not None:
                rejected.append(RejectedFrom(person=state.person, source=state.source, url=state.url, since=since))
            elif state.held_at == doubted.observed_at:
                held.append(HeldPaper(state, paper.title))
    return about_unseen(pages, held, dict.fromkeys(rejected))


def _asked_for(doubted: HeldPage, asked: AskedPaper) -> Iterator[PaperReading]:
    """The papers on a page that was not believed which may be the one."""
    assert doubted.page is not None
    found = parse_page(doubted.watch.source, doubted.page, doubted.observed_at.astimezone(UTC).date())
    if isinstance(found, Parsed):
        for paper in found.reading.papers:
            if asked.is_called(aliases(doubted.watch.source, paper)) or asked.is_in_title(paper.title):
                yield paper


def _rejected_since(doubted: HeldPage, paper: PaperReading) -> datetime | None:
    """When the owner said that it is not of this person; None: they did not, or took it back."""
    names = aliases(doubted.watch.source, paper)
    spoken = [one.since for one in doubted.watch.rejections if one.until is None and one.alias in names]
    return max(spoken, default=None)
