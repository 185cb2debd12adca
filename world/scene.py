"""People, their papers and the site that shows them: everything that can happen, and nothing that decides what does.

A `Scene` goes on day by day. Its verbs (`publish`, `amend`, `count`, `hide`, …) change what is true; at the end of
each day the site shows it. What happens on a day is for a subclass to say.
"""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Self

from world.markup import Style
from world.papers import Paper
from world.people import Researcher, population
from world.profile import Metrics, Profile
from world.shelf import CAP, Shelf
from world.site import Site
from world.stock import Stock, StockPlan
from world.truth import Truth

#: A paper that has just come onto a page stays there for so many days, whatever becomes of its rank.
STAYS_DAYS = 10
#: When the site's day has begun for its readers.
READ_AT = time(9, tzinfo=UTC)

METRICS = ("h_index", "papers", "citations", "novelty", "ai_score")


class Scene(ABC):
    """``keeps_unserved=False`` lets a paper fall off a full page before anybody has had it on a good page."""

    def __init__(
        self,
        seed: int,
        *,
        researchers: int,
        start: date,
        plan: StockPlan,
        style: Style,
        cap: int = CAP,
        keeps_unserved: bool = True,
        port: int = 0,
    ) -> None:
        self.day = start
        self.truth = Truth()
        self.people: Mapping[str, Researcher] = {person.key: person for person in population(seed, researchers)}
        self.site = Site(
            today=start, skin=style.skin, pad_to_bytes=style.pad_to_bytes, port=port, witness=self._witness
        )
        self.draw = Random(f"life {seed}")
        self.stock = Stock(seed, plan, self.people)
        self.shelves = {key: Shelf(ranked, cap=cap) for key, ranked in self.stock.earlier_papers(before=start).items()}
        self.metrics: dict[str, dict[str, int | float]] = {
            key: self._first_metrics(len(shelf)) for key, shelf in self.shelves.items()
        }
        self.authors_shown = dict.fromkeys(self.people, 3)
        self._keeps_unserved = keeps_unserved
        #: Metrics that are not shown, by profile: True where a dash stands in their place.
        self._hidden: defaultdict[str, dict[str, bool]] = defaultdict(dict)
        self._agenda: defaultdict[date, list[Callable[[], None]]] = defaultdict(list)
        self.show_pages()

    def __enter__(self) -> Self:
        self.site.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.site.__exit__()

    @property
    def now(self) -> datetime:
        """Nine o'clock (UTC) on the scene's day: when its readers come."""
        return datetime.combine(self.day, READ_AT)

    @property
    def urls(self) -> dict[str, str]:
        """The address of every profile, by key, while the site is open."""
        return {key: self.site.url(key) for key in self.people}

    def advance(self) -> date:
        """Let a day go by, and return the new one. Yesterday's troubles are over."""
        self.day += timedelta(days=1)
        self.site.up()
        self.site.on(self.day)
        for deed in self._agenda.pop(self.day, []):
            deed()
        self.happen()
        self.show_pages()
        return self.day

    @abstractmethod
    def happen(self) -> None:
        """What the new day brings."""

    def later(self, days: int, deed: Callable[[], None]) -> None:
        """Have this done at the beginning of the day that is so many days away."""
        self._agenda[self.day + timedelta(days=days)].append(deed)

    # -- papers ----------------------------------------------------------------------------------------

    def publish(self, key: str, *also: str, title: str | None = None, days_ago: int = 0) -> Paper:
        """A new paper by this researcher, and others who are followed, appears on the pages of all of them."""
        paper = self.stock.write(key, *also, published=self.day - timedelta(days=days_ago), title=title)
        for author in (key, *also):
            self.put_on_page(author, paper.arxiv_id)
        return paper

    def put_on_page(self, key: str, arxiv_id: str) -> None:
        """Put a paper onto a researcher's page."""
        self.shelves[key].put(arxiv_id, self.day, self.draw)

    def amend(self, arxiv_id: str, change: Callable[[Paper], Paper]) -> None:
        """Change a paper wherever it is shown."""
        self.stock.papers[arxiv_id] = change(self.stock.papers[arxiv_id])

    def owed(self, key: str) -> frozenset[str]:
        """Papers that came onto the page of late, or that no good page has shown to anybody yet."""
        if not self._keeps_unserved:
            return frozenset()
        return frozenset(
            arxiv_id
            for arxiv_id, since in self.shelves[key].arrived.items()
            if (self.day - since).days < STAYS_DAYS or not self.truth.has_shown(key, arxiv_id)
        )

    # -- metrics ---------------------------------------------------------------------------------------

    def count(self, key: str, metric: str, by: int | float) -> None:
        """Let a metric rise, or fall, by so much."""
        self.metrics[key][metric] = round(self.metrics[key][metric] + by, 2)

    def hide(self, key: str, metric: str, *, days: int, dash: bool) -> None:
        """Do not show a metric for some days: a dash, or not even its name."""
        self._hidden[key][metric] = dash
        self.later(days, lambda: self._unhide(key, metric))

    def _unhide(self, key: str, metric: str) -> None:
        self._hidden[key].pop(metric, None)

    def _first_metrics(self, papers: int) -> dict[str, int | float]:
        citations = int(self.draw.lognormvariate(7, 1.2)) + papers
        return {
            "h_index": int(0.54 * citations**0.5) + 1,
            "citations": citations,
            "novelty": self.draw.randint(25, 75) / 100,
            "ai_score": self.draw.randint(30, 80),
        }

    # -- the page --------------------------------------------------------------------------------------

    def show_pages(self) -> None:
        """Let the site show what is true now; `advance` does so at the end."""
        for key in self.people:
            self.site.show(self._profile(key))

    def _profile(self, key: str) -> Profile:
        shelf = self.shelves[key]
        shelf.keep_on_page(self.owed(key))
        return Profile(
            key=key,
            name=self.people[key].name,
            field=self.people[key].field,
            metrics=self._shown_metrics(key),
            papers=tuple(self.stock.papers[arxiv_id] for arxiv_id in shelf.listed),
            authors_shown=self.authors_shown[key],
        )

    def _shown_metrics(self, key: str) -> Metrics:
        values = self.metrics[key] | {"papers": len(self.shelves[key])}
        hidden = self._hidden[key]
        return {metric: None if metric in hidden else values[metric] for metric in METRICS if hidden.get(metric, True)}

    def _witness(self, profile: Profile, not_modified: bool) -> None:
        if not_modified:
            self.truth.confirmed(profile, self.day)
        else:
            self.truth.shown(profile, self.day)
