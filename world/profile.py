"""A profile as the imitation site would show it: the whole truth behind one page."""

import dataclasses
from collections.abc import Mapping

from world.papers import Paper

#: By name: ``h_index``, ``papers``, ``citations`` and ``ai_score`` are ints, ``novelty`` a fraction 0..1.
#: None: the page names the metric and shows a dash; a metric that is absent is not on the page at all.
Metrics = Mapping[str, int | float | None]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One profile. ``papers`` stand in the order of the page; their number is what the list's heading says."""

    key: str
    name: str
    field: str = "LG"
    metrics: Metrics = dataclasses.field(default_factory=dict)
    papers: tuple[Paper, ...] = ()
    #: How many names of a byline are shown before "et al.".
    authors_shown: int = 3
