"""A page that is held back, against what is known: what somebody looks at who has to say what to think of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from tracking.check import Known, Snapshot
from tracking.diff import MetricDiffers, PaperDiffers, PaperListed, PaperUnlisted, content, diff
from tracking.identity import identify
from tracking.reading import PaperReading, ProfileReading
from tracking.titles import is_same_title


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldChanges:
    """What a page that is held back says otherwise than the last one that was accepted."""

    name_before: str
    name_after: str
    #: Metrics that differ: the name, the value before and the value on the page; None: not shown.
    metrics: tuple[tuple[str, int | float | None, int | float | None], ...]
    #: Papers by key: never seen on this profile; seen before and not on the last page; only on the last page.
    new: Mapping[str, PaperReading]
    back: Mapping[str, PaperReading]
    gone: Mapping[str, PaperReading]
    #: The titles of one paper, before and on the page.
    retitled: tuple[tuple[str, str], ...]
    #: Papers of the page that are as they were, or nearly so.
    same: int
    #: False: the page does not show all papers, and what is not on it need not be gone.
    complete: bool
    #: Papers of the page that were rejected before, and count for nothing here.
    left_out: int


def held_changes(known: Known, reading: ProfileReading, left_out: int) -> HeldChanges:
    """``reading`` is the page without the ``left_out`` papers that were rejected before."""
    keys = identify(reading.source, reading.papers, known.papers).keys
    before = content(Snapshot(reading=known.reading, keys=known.keys, parser=""))
    after = content(Snapshot(reading=reading, keys=keys, parser=""))
    differences = diff(before, after)
    listed = [one for one in differences if isinstance(one, PaperListed)]
    return HeldChanges(
        name_before=before.name,
        name_after=after.name,
        metrics=tuple((one.name, one.before, one.after) for one in differences if isinstance(one, MetricDiffers)),
        new={one.key: one.paper for one in listed if one.key not in known.papers},
        back={one.key: one.paper for one in listed if one.key in known.papers},
        gone={one.key: before.papers[one.key] for one in differences if isinstance(one, PaperUnlisted)},
        retitled=tuple(
            (one.before, one.after)
            for one in differences
            if isinstance(one, PaperDiffers) and one.field == "title" and not is_same_title(one.before, one.after)
        ),
        same=len(before.papers.keys() & after.papers.keys()),
        complete=after.complete,
        left_out=left_out,
    )
