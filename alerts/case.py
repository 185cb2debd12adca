"""An event as one rule sees it for one receiver."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.delta import is_number
from alerts.subject import Subject
from tracking.event import Event, Value
from tracking.memory import Spells


@dataclass(frozen=True, slots=True)
class Start:
    """What a change is measured from, and since when that was so."""

    before: Value
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a condition looks at."""

    event: Event
    subject: Subject
    #: The value that the rule has told the receiver last, and when; None: it has told none.
    told: Start | None = None
    #: Of the metric that the event is about; empty where that is not known.
    values: Spells = ()
    #: A change is measured from what was told last, also where nothing is said of a time.
    sums: bool = False

    def start(self, within: timedelta | None = None) -> Start:
        """Of the change with this event alone, or since it was told last, or within a time."""
        own = Start(self.event.before, self.event.since)
        if within is None:
            return self.told if self.sums and self.told is not None else own
        begin = self.event.observed_at - within
        if self.told is not None and self.told.since is not None and self.told.since > begin:
            return self.told
        return self._at(begin) or own

    def _at(self, begin: datetime) -> Start | None:
        """The value that was shown then, or else the first after it; None: nothing else was shown since then."""
        spells = [spell for spell in self.values if spell[0] < self.event.observed_at]
        before = [spell for spell in spells if spell[0] <= begin]
        after = [spell for spell in spells if spell[0] > begin]
        moving = [(max(since, begin), value) for since, value in (*before[-1:], *after) if value is not None]
        if len(moving) < 2:
            return None
        since, value = moving[0]
        return Start(value, since)


def moved(case: Case, within: timedelta | None = None) -> tuple[int | float, int | float] | None:
    """Before and after, where both are numbers."""
    event = case.event
    is_own = within is None and (case.told is None or not case.sums)
    before, after = event.before if is_own else case.start(within).before, event.after
    return (before, after) if is_number(before) and is_number(after) else None
