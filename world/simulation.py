"""A world that lives by itself: every day brings papers, citations, corrections and trouble, all drawn from a seed.

    with World(seed=7) as world:
        for _ in range(60):
            ...                          # read the pages at world.urls, at the time world.now
            world.advance()
    world.truth.new_papers()             # what had to be noticed

Two worlds of one seed are the same, as long as their readers come every day.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from world import prose
from world.markup import Skin, Style
from world.papers import Paper
from world.people import Researcher
from world.rates import Rates, TroubleRates
from world.scene import METRICS, Scene
from world.shelf import CAP
from world.stock import StockPlan
from world.trouble import Mood, Trouble

#: No page gets more papers within so many days than its readers can believe.
_CALM_DAYS = 5
_MOST_ARRIVALS = 3
#: Pages with fewer papers than this lose none.
_FEWEST_PAPERS = 15


class World(Scene):
    """``plan`` says what its papers are like, ``rates`` and ``troubles`` how often things happen."""

    def __init__(
        self,
        seed: int,
        *,
        researchers: int = 30,
        start: date = date(2026, 11, 22),
        rates: Rates | None = None,
        troubles: TroubleRates | None = None,
        plan: StockPlan | None = None,
        style: Style | None = None,
        cap: int = CAP,
        keeps_unserved: bool = True,
        port: int = 0,
    ) -> None:
        super().__init__(
            seed,
            researchers=researchers,
            start=start,
            plan=plan or StockPlan(),
            style=style or Style(),
            cap=cap,
            keeps_unserved=keeps_unserved,
            port=port,
        )
        self.rates = rates or Rates()
        self.troubles = troubles or TroubleRates()
        self._bad_days = dict.fromkeys(self.people, 0)

    def happen(self) -> None:
        self._site_lives()
        for _ in range(self.draw.randint(0, self.rates.most_new_papers_a_day)):
            self._somebody_publishes()
        for key in self.people:
            self._papers_change(key)
            self._list_changes(key)
            self._metrics_move(key)
        self._trouble_strikes()

    def _chance(self, rate: float) -> bool:
        return self.draw.random() < rate

    # -- the site --------------------------------------------------------------------------------------

    def _site_lives(self) -> None:
        if self._chance(self.rates.rebuilt):
            self.site.rebuild(f"b{self.day:%y%m%d}")
        if self._chance(self.rates.redressed):
            self.site.redress(self.draw.choice(list(Skin)))

    def _trouble_strikes(self) -> None:
        bearable = max(self._bad_days.values()) < self.troubles.longest_days
        outage = self._chance(self.troubles.outage) and bearable
        if outage:
            self.site.down()
        moods = self.troubles.moods()
        for key in self.people:
            [mood] = self.draw.choices([*moods, None], [*moods.values(), 1 - sum(moods.values())])
            hiccup = self._chance(self.troubles.hiccup)
            struck = self._strike(key, mood) or outage
            self._bad_days[key] = self._bad_days[key] + 1 if struck else 0
            if hiccup and not struck:
                self.site.reset(key, times=1)

    def _strike(self, key: str, mood: Mood | None) -> bool:
        bearable = self._bad_days[key] < self.troubles.longest_days
        believable = mood is not Trouble.EMPTY or self.truth.has_baseline(key)
        if mood is None or not bearable or not believable:
            return False
        self.site.befall(key, mood)
        return True

    # -- papers ----------------------------------------------------------------------------------------

    def _somebody_publishes(self) -> None:
        key = self.draw.choice(list(self.people))
        lab = self.people[key].lab
        also = [self.draw.choice(lab)] if lab and self._chance(self.rates.shared) else []
        published = self.day - timedelta(days=self.draw.randint(0, 3))
        title = self._sequel_title(key)
        if any(self._is_crowded(author) for author in (key, *also)):
            return
        paper = self.stock.write(key, *also, published=published, title=title)
        self.put_on_page(key, paper.arxiv_id)
        for other in also:
            self._within((0, 2), partial(self.put_on_page, other, paper.arxiv_id))
        self._plan_future(paper, self.people[key])

    def _is_crowded(self, key: str) -> bool:
        arrived = self.shelves[key].arrived.values()
        return sum((self.day - day).days < _CALM_DAYS for day in arrived) >= _MOST_ARRIVALS

    def _sequel_title(self, key: str) -> str | None:
        first = self.stock.papers[self.draw.choice(self.shelves[key].listed)].title
        title = prose.sequel(first)
        taken = any(paper.title == title for paper in self.stock.papers.values())
        return title if self._chance(self.rates.sequel) and not taken and "Part II" not in first else None

    def _plan_future(self, paper: Paper, lead: Researcher) -> None:
        """What a new paper lacks comes later: the right title, a score, code, institutions, a second version."""
        rates, later = self.rates, self._amend_within
        if self._chance(rates.typo):
            right, wrong = paper.title, prose.with_typo(self.draw, paper.title)
            self.amend(paper.arxiv_id, lambda it: replace(it, title=wrong))
            later((2, 6), paper, lambda it: replace(it, title=right))
        if self._chance(rates.scored):
            score = self.draw.randint(300, 999) / 10
            later((1, 9), paper, lambda it: replace(it, score=score))
        if self._chance(rates.coded):
            later((3, 20), paper, lambda it: replace(it, has_code=True))
        if self._chance(rates.placed):
            later((1, 7), paper, lambda it: replace(it, institutions=(lead.institution,)))
        if self._chance(rates.versioned):
            later((5, 40), paper, lambda it: replace(it, version=it.version + 1))

    def _within(self, days: tuple[int, int], deed: Callable[[], None]) -> None:
        """Have this done on one of the days so far away; zero is now."""
        away = self.draw.randint(*days)
        if away == 0:
            deed()
        else:
            self.later(away, deed)

    def _amend_within(self, days: tuple[int, int], paper: Paper, change: Callable[[Paper], Paper]) -> None:
        self._within(days, lambda: self.amend(paper.arxiv_id, change))

    # -- one profile -----------------------------------------------------------------------------------

    def _papers_change(self, key: str) -> None:
        arxiv_id = self.draw.choice(self.shelves[key].listed)
        if self._chance(self.rates.subtitled) and ":" not in self.stock.papers[arxiv_id].title:
            self.amend(arxiv_id, lambda it: replace(it, title=prose.with_subtitle(self.draw, it.title)))
        if self._chance(self.rates.revised):
            self.amend(arxiv_id, lambda it: replace(it, version=it.version + 1))
        if self._chance(self.rates.old_paper):
            days_ago = self.draw.randint(90, 3000)
            if not self._is_crowded(key):
                self.publish(key, days_ago=days_ago)

    def _list_changes(self, key: str) -> None:
        shelf = self.shelves[key]
        shelf.mislay(None)
        if self._chance(self.rates.reordered):
            shelf.shuffle_a_little(self.draw)
        if self._chance(self.rates.pushed_on) and not self._is_crowded(key):
            shelf.push_on(self.day, self.draw)
        if self._chance(self.rates.recut):
            self.authors_shown[key] = self.draw.randint(2, 5)
        free = sorted(set(shelf.listed) - self.owed(key))
        if len(free) >= _FEWEST_PAPERS:
            victim = self.draw.choice(free)
            if self._chance(self.rates.mislaid):
                shelf.mislay(victim)
            elif self._chance(self.rates.withdrawn):
                shelf.withdraw(victim, self.day)

    def _metrics_move(self, key: str) -> None:
        citations = self.metrics[key]["citations"]
        if self._chance(self.rates.cited):
            self.count(key, "citations", self.draw.randint(1, max(2, int(citations) // 150)))
        if self._chance(self.rates.uncited) and citations > 100:
            self.count(key, "citations", -self.draw.randint(1, 2))
        if self._chance(self.rates.h_index):
            self.count(key, "h_index", 1)
        if self._chance(self.rates.novelty):
            self.count(key, "novelty", self.draw.choice((-0.01, 0.01)))
        if self._chance(self.rates.ai_score):
            self.count(key, "ai_score", self.draw.choice((-1, 1)))
        if self._chance(self.rates.hidden):
            metric, dash = self.draw.choice(METRICS), self.draw.random() < 0.5
            self.hide(key, metric, days=self.draw.randint(2, 9), dash=dash)
