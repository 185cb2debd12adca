"""What a proof says: step by step from an event to the bytes that it was read from.

    event → facts → reading → page → headers
      └──→ message

What follows from something else is computed again and compared; what only ever was written down carries a seal.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

#: So many faults are listed; all are counted.
FAULTS_LISTED_MAX = 20


class Ground(StrEnum):
    """What a step looks at."""

    EVENT = "event"
    """an event, found again by folding the pages"""
    SEAL = "seal"
    """all that the row of an event says, with its cause and the time it was recorded"""
    FACTS = "facts"
    """snapshots with their times, papers listed and aliases, values of metrics: folded again"""
    READING = "reading"
    """what a page says, parsed again"""
    PAGE = "page"
    """the raw bytes of a page, and the hash that they were stored by"""
    HEADERS = "headers"
    """where a page came from and with which headers, and when it was recorded"""
    MESSAGE = "message"
    """what a receiver was told, worded again"""
    ARCHIVE = "archive"
    """stored contents, each decoded once"""
    TABLES = "tables"
    """rows that refer to each other, intervals that follow each other"""


class Standing(StrEnum):
    HOLDS = "holds"
    FAILS = "fails"
    OPEN = "open"
    """it can not be computed again; the step says why"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One comparison. ``place`` says of what, for a person to find it; ``text`` what was compared, or what is wrong.

    The texts of steps that are open are few: they are counted by them.
    """

    ground: Ground
    standing: Standing
    place: str
    text: str

    def to_json(self) -> dict[str, str]:
        return {"step": self.ground, "standing": self.standing, "place": self.place, "text": self.text}


@dataclass(slots=True)
class Proof:
    """Steps, counted; of the faults the first few as they are."""

    counts: Counter[tuple[Ground, Standing]] = field(default_factory=Counter)
    #: Why steps are open.
    reasons: Counter[tuple[Ground, str]] = field(default_factory=Counter)
    faults: list[Step] = field(default_factory=list)

    def add(self, steps: Iterable[Step]) -> None:
        for step in steps:
            self.counts[step.ground, step.standing] += 1
            match step.standing:
                case Standing.OPEN:
                    self.reasons[step.ground, step.text] += 1
                case Standing.FAILS if len(self.faults) < FAULTS_LISTED_MAX:
                    self.faults.append(step)

    @property
    def failed(self) -> int:
        """How many steps fail."""
        return sum(count for (_, standing), count in self.counts.items() if standing is Standing.FAILS)

    def to_json(self) -> dict[str, Any]:
        return {
            "state": "failed" if self.failed else "ok",
            "steps": {ground: {standing: self.counts[ground, standing] for standing in Standing} for ground in Ground},
            "open": [
                {"step": ground, "text": text, "count": count} for (ground, text), count in sorted(self.reasons.items())
            ],
            "failed": self.failed,
            "faults": [fault.to_json() for fault in self.faults],
        }
