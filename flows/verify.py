"""Proof: every event from the message about it down to the raw bytes, recomputed.

    event → facts       the pages around it, folded again
          → reading     the page, parsed again, in worker processes when there is much of it
          → page        the stored bytes, decoded and hashed
          → headers     what only ever was written down: its seal
          → message     what receivers were told, worded again

It reads, and changes nothing; a whole database is walked with a few pages in memory.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

from alerts.case import Start
from alerts.item import item_of
from alerts.subject import Subject
from flows.proofreading import proofread
from flows.workers import spread
from storage.evidence import Evidence, ToldItem
from storage.store import Store
from tracking.proof import Ground, Proof, Standing, Step
from tracking.view import EventView

#: Pages that are handed to a worker together.
_PAGES_TOGETHER = 8
#: With fewer pages than in so many parts, processes never make up for their start.
_PARTS_WORTH_PROCESSES = 8

#: Hears of how many things there are to look at, and how many are done.
Progress = Callable[[int, int], None]


def verify_event(store: Store, asked: str) -> tuple[EventView, list[Step]]:
    """Prove one event; ``asked`` is its id or a beginning of it. The steps, from the event down to the headers.

    Raises UnknownEvent.
    """
    proven = store.proving.event(asked)
    order = list(Ground)
    steps = [*proven.steps, *proofread(proven.evidence), *map(message_step, proven.told)]
    return proven.event, sorted(steps, key=lambda step: order.index(step.ground))


def verify_all(store: Store, *, progress: Progress | None = None, processes: int | None = None) -> Proof:
    """Prove everything that is recorded. ``processes`` None: one for each processor."""
    proof, counter = Proof(), _Counter(store.proving.count(), progress)
    proof.add(store.proving.tables())
    for step in store.proving.archive():
        proof.add([step])
        counter.count(1)
    _prove_histories(store, proof, counter)
    pages = spread(
        proofread,
        _parts(_evidence(store, proof)),
        processes=processes or os.cpu_count() or 1,
        worth_processes=_PARTS_WORTH_PROCESSES,
    )
    for steps in pages:
        proof.add(steps)
        counter.count(sum(step.ground is Ground.HEADERS for step in steps))
    return proof


def _prove_histories(store: Store, proof: Proof, counter: "_Counter") -> None:
    for profile in store.proving.profiles():
        if isinstance(profile, Step):
            proof.add([profile])
            continue
        for chapter in store.proving.chapters(profile):
            proof.add(chapter.steps)
            proof.add(map(message_step, chapter.told))
            counter.count(chapter.snapshots)


def _evidence(store: Store, proof: Proof) -> Iterator[Evidence]:
    """The snapshots that can be read; about the others there is a step in the proof."""
    for profile in store.proving.profiles():
        if isinstance(profile, Step):
            continue
        for one in store.proving.evidence(profile):
            if isinstance(one, Step):
                proof.add([one])
            else:
                yield one


def _parts(evidence: Iterable[Evidence]) -> Iterator[list[Evidence]]:
    left = iter(evidence)
    while part := list(islice(left, _PAGES_TOGETHER)):
        yield part


def message_step(told: ToldItem) -> Step:
    """Whether an entry says what its event says, worded again.

    ``why`` and the names are as they were then, and so is what a sum is measured from.
    """
    seal, item = told.seal, told.item
    if told.event is None or seal.standing is Standing.FAILS:
        return seal
    subject = Subject(
        person=item.get("person", ""), source=item.get("source", ""), profile_url=item.get("profile_url", "")
    )
    event = replace(told.event, paper_key=item.get("paper_key"))
    is_same = item_of(event, subject, item.get("why", ""), _start(item)) == item
    match seal.standing, is_same:
        case Standing.HOLDS, True:
            return replace(seal, text="as it was written, and as it would be worded again")
        case Standing.HOLDS, False:
            return replace(seal, standing=Standing.OPEN, text="as it was written, before the event was corrected")
        case _, False:
            return replace(seal, standing=Standing.FAILS, text="it does not say what the event says")
    return seal


def _start(item: Mapping[str, Any]) -> Start | None:
    """What was measured from what had been told before; None: the event alone says it."""
    if not item.get("summed"):
        return None
    return Start(item.get("before"), datetime.fromisoformat(item["since"]) if "since" in item else None)


@dataclass(slots=True)
class _Counter:
    """Tells how far a proof is."""

    total: int
    progress: Progress | None
    done: int = 0

    def count(self, things: int) -> None:
        self.done += things
        if self.progress is not None:
            self.progress(max(self.total, self.done), self.done)
