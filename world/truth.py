"""What the site has really shown to its readers: the measure for whoever claims to have noticed everything.

It is recorded as pages are served, by the side that knows which of its answers were good. A paper counts as shown
on the day on which it first went out on a good page; a page that was broken, blocked or never asked for shows
nothing.
"""

from collections import defaultdict
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from world.profile import Metrics, Profile

#: A paper that was published so recently is new when it is first shown.
RECENT = timedelta(days=30)


class Arrival(StrEnum):
    """How a paper came to a profile's readers."""

    BASELINE = "baseline"
    """on the first good page"""
    NEW = "new"
    """later, and published within 30 days or since the last good page, whichever is longer"""
    LATE = "late"
    """later, but published before that"""


class FirstShown(NamedTuple):
    """One paper on one profile's page, for the first time."""

    day: date
    key: str
    title: str
    arxiv_id: str


class MetricChange(NamedTuple):
    """A metric shown with a value that differs from the one that was shown last."""

    day: date
    key: str
    metric: str
    before: int | float
    after: int | float


class Truth:
    """Everything that good pages have shown, from the first day on."""

    def __init__(self) -> None:
        self._last_good: dict[str, date] = {}
        self._arrivals: dict[tuple[str, str], tuple[FirstShown, Arrival]] = {}
        self._metrics: defaultdict[str, list[tuple[date, Metrics]]] = defaultdict(list)

    def shown(self, profile: Profile, day: date) -> None:
        """A good page went out."""
        last_good = self._last_good.get(profile.key)
        for paper in profile.papers:
            arrival = _arrival(paper.published, day, last_good)
            first = FirstShown(day, profile.key, paper.title, paper.arxiv_id)
            self._arrivals.setdefault((profile.key, paper.arxiv_id), (first, arrival))
        self._metrics[profile.key].append((day, dict(profile.metrics)))
        self._last_good[profile.key] = day

    def confirmed(self, profile: Profile, day: date) -> None:
        """A 304 went out to a client that has the very page which would have been shown."""
        if profile.key in self._last_good:
            self._last_good[profile.key] = day

    def has_baseline(self, key: str) -> bool:
        """Whether this profile was ever shown on a good page."""
        return key in self._last_good

    def has_shown(self, key: str, arxiv_id: str) -> bool:
        """Whether this paper was ever on a good page of this profile."""
        return (key, arxiv_id) in self._arrivals

    def papers(self, arrival: Arrival) -> list[FirstShown]:
        """All papers that came in this way, by day and key; the title is the one of that day."""
        return sorted(first for first, how in self._arrivals.values() if how is arrival)

    def new_papers(self) -> list[FirstShown]:
        """Exactly what is to be told as new: once for every profile that showed it."""
        return self.papers(Arrival.NEW)

    def late_papers(self) -> list[FirstShown]:
        """Papers that appeared long after they were published; nobody should hear of them as new."""
        return self.papers(Arrival.LATE)

    def metrics_shown(self, key: str) -> list[tuple[date, Metrics]]:
        """The metrics of every good page of this profile, in the order in which they went out."""
        return list(self._metrics[key])

    def metric_changes(self) -> list[MetricChange]:
        """Every change between two values that were shown, by day and key. A value not shown is no change."""
        return sorted(change for key in self._metrics for change in self._changes_of(key))

    def _changes_of(self, key: str) -> list[MetricChange]:
        changes = []
        last: dict[str, int | float] = {}
        for day, metrics in self._metrics[key]:
            for metric, value in metrics.items():
                if value is None:
                    continue
                if last.get(metric, value) != value:
                    changes.append(MetricChange(day, key, metric, last[metric], value))
                last[metric] = value
        return changes


def _arrival(published: date, day: date, last_good: date | None) -> Arrival:
    if last_good is None:
        return Arrival.BASELINE
    return Arrival.NEW if published >= min(day - RECENT, last_good) else Arrival.LATE
