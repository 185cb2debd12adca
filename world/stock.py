"""All papers of a scene: those that were there before it began, and those that are written in it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from world.papers import Paper, Press
from world.people import Researcher

#: Papers from before the beginning are older than this: whoever meets one of them meets no news.
_EARLIER_DAYS = (61, 3650)
#: Of earlier papers, how many carry the name of somebody of the same lab, a code badge, the institution.
_SHARED = 0.12
_WITH_CODE = 0.13
_WITH_INSTITUTION = 0.4
_OUTSIDE_FIELD = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class StockPlan:
    """What the papers of a scene are like."""

    #: Earlier papers that each researcher leads: fewest and most.
    papers_each: tuple[int, int] = (6, 90)
    #: The length of an abstract: shortest and longest.
    abstract_characters: tuple[int, int] = (400, 1500)
    #: How many papers are shown without a link.
    unlinked: float = 0.0


class Stock:
    """``papers`` holds every paper as it is today, by arXiv id."""

    def __init__(self, seed: int, plan: StockPlan, people: Mapping[str, Researcher]) -> None:
        self.papers: dict[str, Paper] = {}
        self._plan = plan
        self._people = people
        self._draw = Random(f"stock {seed}")
        self._press = Press(seed, abstract_characters=plan.abstract_characters)

    def earlier_papers(self, before: date) -> dict[str, list[str]]:
        """Write everybody's earlier papers; return their ids by researcher, in no particular order."""
        shelves: dict[str, list[str]] = {key: [] for key in self._people}
        for key, person in self._people.items():
            for _ in range(self._draw.randint(*self._plan.papers_each)):
                also = [self._draw.choice(person.lab)] if person.lab and self._draw.random() < _SHARED else []
                published = before - timedelta(days=self._draw.randint(*_EARLIER_DAYS))
                paper = self._with_history(self.write(key, *also, published=published), person)
                for author in (key, *also):
                    shelves[author].append(paper.arxiv_id)
        for shelf in shelves.values():
            self._draw.shuffle(shelf)
        return shelves

    def write(self, key: str, *also: str, published: date, title: str | None = None) -> Paper:
        """A paper as it is on its first day, by this researcher, others who are followed, and some who are not."""
        person = self._people[key]
        others = self._draw.sample(person.circle, self._draw.randint(0, min(6, len(person.circle))))
        authors = [self._people[author].name for author in also] + others
        self._draw.shuffle(authors)
        authors.insert(self._draw.randint(0, min(len(authors), 3)), person.name)
        paper = self._press.paper(
            tuple(authors),
            published,
            self._category(person),
            title=title,
            linked=self._draw.random() >= self._plan.unlinked,
        )
        self.papers[paper.arxiv_id] = paper
        return paper

    def _category(self, person: Researcher) -> str:
        if self._draw.random() >= _OUTSIDE_FIELD:
            return person.field
        return self._draw.choice([other.field for other in self._people.values()])

    def _with_history(self, paper: Paper, person: Researcher) -> Paper:
        """What a paper of some age has come to have."""
        aged = replace(
            paper,
            has_code=self._draw.random() < _WITH_CODE,
            institutions=(person.institution,) if self._draw.random() < _WITH_INSTITUTION else (),
        )
        self.papers[paper.arxiv_id] = aged
        return aged
