"""The one line above a message."""

from collections import Counter
from collections.abc import Sequence
from datetime import tzinfo

from alerts.entry import head, headline
from alerts.figures import days, joined, number
from alerts.inert import shortened
from alerts.kinds import Item, is_of_a_person, kind_of, people_of
from alerts.message import Message
from alerts.sentences import counted_items, shown, time_of

_LONGEST_SUBJECT = 150
#: More people than these are counted.
_MOST_NAMES = 2


def subject_of(message: Message, zone: tzinfo) -> str:
    """At most 150 characters: what there is, and of a digest the days that it is of."""
    if len(message.items) == 1:
        [item] = message.items
        what = f"{head(item)}: {headline(item, zone)}" if headline(item, zone) else head(item)
    else:
        what = summary(message.items)
    if not message.digest:
        return shortened(what, _LONGEST_SUBJECT)
    period = f" – digest of {period_of(message, zone)}"
    return shortened(what, _LONGEST_SUBJECT - len(period)) + period


def summary(items: Sequence[Item]) -> str:
    """``3 new papers and 12 changed metrics of 5 people; 1 host down``."""
    of_people = [item for item in items if is_of_a_person(item)]
    others = [item for item in items if not is_of_a_person(item)]
    parts = []
    if of_people:
        people = list(dict.fromkeys(name for item in of_people for name in people_of(item)))
        few = len(people) <= _MOST_NAMES
        whose = joined([shown(name) for name in people]) if few else f"{number(len(people))} people"
        parts.append(f"{counts(of_people)} of {whose}")
    if others:
        parts.append(counts(others))
    return "; ".join(parts)


def counts(items: Sequence[Item]) -> str:
    """``3 new papers and 12 changed metrics``, in the order of the items."""
    counted = Counter(kind_of(item) for item in items)
    return joined([counted_items(kind, count) for kind, count in counted.items()])


def period_of(message: Message, zone: tzinfo) -> str:
    """The days on which what is told was observed."""
    observed = [time_of(item) for item in message.items]
    return days(min(observed), max(observed), zone)
