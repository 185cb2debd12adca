"""One week of five researchers, written by hand: something happens every day, and not all of it is news.

| day | what happens |
| --- | --- |
| 1 | everybody is seen for the first time |
| 2 | a new paper by the first two together; all lists come in another order |
| 3 | a captcha in place of the third profile, which has a new paper just then; the fourth is cited much |
| 4 | the whole site is down; a new paper by the fifth appears, which nobody can see yet |
| 5 | the site is back; the paper of day 2 gets a score, a code badge and a second version; an old one is found |
| 6 | the first's h-index rises; a typing error in the title of day 4 is put right; a "Part II" follows day 2 |
| 7 | a release changes all markup; the second is cited much, and a paper with a difficult title appears |
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from world import prose
from world.markup import Skin, Style
from world.scene import Scene
from world.stock import StockPlan

DAYS = 7

_FIRST_PART = "Patient Search with Forgetful Critics, Part I"
_TYPO = "Small Steps, Long Memroy: Replay Buffers That Forget on Purpose"
_DIFFICULT = "When k < 3 & n > 10 000: “Cheap” Bounds, Dear Lessons"


class DemoWeek(Scene):
    """The week. `advance` six times after the first day; what comes after the seventh day is quiet."""

    def __init__(self, *, start: date = date(2026, 11, 16), port: int = 0) -> None:
        super().__init__(
            seed=1866,
            researchers=5,
            start=start,
            plan=StockPlan(papers_each=(14, 58), abstract_characters=(400, 900)),
            style=Style(),
            port=port,
        )
        self._first_day = start
        self._keys = tuple(self.people)
        self._joint_paper = ""
        self._misspelt_paper = ""

    @property
    def number_of_day(self) -> int:
        """1 on the first day."""
        return (self.day - self._first_day).days + 1

    def happen(self) -> None:
        chapters: Mapping[int, Callable[[], None]] = {
            2: self._two_write_together,
            3: self._a_captcha_hides_news,
            4: self._the_site_is_down,
            5: self._the_site_is_back,
            6: self._a_sequel,
            7: self._a_release,
        }
        if self.number_of_day in chapters:
            chapters[self.number_of_day]()

    def _two_write_together(self) -> None:
        first, second, *_ = self._keys
        self._joint_paper = self.publish(first, second, title=_FIRST_PART, days_ago=1).arxiv_id
        for shelf in self.shelves.values():
            shelf.shuffle_a_little(self.draw)

    def _a_captcha_hides_news(self) -> None:
        _, _, third, fourth, _ = self._keys
        self.publish(third, days_ago=1)
        self.site.blocked(third)
        self._cite_much(fourth)

    def _the_site_is_down(self) -> None:
        self._misspelt_paper = self.publish(self._keys[4], title=_TYPO).arxiv_id
        self.site.down()

    def _the_site_is_back(self) -> None:
        self.amend(self._joint_paper, lambda it: replace(it, score=98.1, has_code=True, version=2))
        self.publish(self._keys[3], days_ago=1100)

    def _a_sequel(self) -> None:
        first = self._keys[0]
        self.count(first, "h_index", 1)
        self.amend(self._misspelt_paper, lambda it: replace(it, title=it.title.replace("Memroy", "Memory")))
        self.publish(first, title=prose.sequel(_FIRST_PART))

    def _a_release(self) -> None:
        second, third = self._keys[1:3]
        self.site.redress(Skin.LIST)
        self._cite_much(second)
        self.publish(third, title=_DIFFICULT)

    def _cite_much(self, key: str) -> None:
        self.count(key, "citations", 40 + int(self.metrics[key]["citations"]) // 20)


def demo_week(start: date = date(2026, 11, 16), *, port: int = 0) -> DemoWeek:
    """The week, ready to be entered: ``with demo_week() as world: …``"""
    return DemoWeek(start=start, port=port)
