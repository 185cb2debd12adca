"""The shape of a source: what all of its pages of one run show together, counted, and what became of each trait.

Counts of parts of a run add up to those of the run. What is stored of them is told from the next runs' by
`tracking.redesign`.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from tracking.check import Watch
from tracking.reading import ProfileReading
from tracking.traits import Fate, fates, is_of_pages, page_traits, paper_traits

#: Profiles that are remembered by a trait that struck them.
_PROFILES_KEPT = 20


@dataclass(slots=True, kw_only=True)
class Strikes:
    """What became of one trait, in profiles; those that ``lost`` it or show it ``changed`` are struck."""

    kept: int = 0
    lost: int = 0
    changed: int = 0
    gained: int = 0
    #: Some of the struck, the lowest ids first.
    profiles: tuple[int, ...] = ()

    @property
    def struck(self) -> int:
        return self.lost + self.changed

    @property
    def compared(self) -> int:
        """Profiles that showed it before."""
        return self.kept + self.struck

    def count(self, profile_id: int, fate: Fate) -> None:
        setattr(self, fate, getattr(self, fate) + 1)
        if fate in (Fate.LOST, Fate.CHANGED):
            self.profiles = _lowest(*self.profiles, profile_id)

    def add(self, other: "Strikes") -> None:
        for fate in Fate:
            setattr(self, fate, getattr(self, fate) + getattr(other, fate))
        self.profiles = _lowest(*self.profiles, *other.profiles)

    def to_json(self) -> int | list[Any]:
        """Where all have kept it, and that is nearly always so: how many."""
        if not self.struck and not self.gained:
            return self.kept
        return [self.kept, self.lost, self.changed, self.gained, list(self.profiles)]

    @classmethod
    def from_json(cls, stored: int | list[Any]) -> Self:
        if isinstance(stored, int):
            return cls(kept=stored)
        kept, lost, changed, gained, profiles = stored
        return cls(kept=kept, lost=lost, changed=changed, gained=gained, profiles=tuple(profiles))


def _lowest(*profile_ids: int) -> tuple[int, ...]:
    return tuple(sorted(set(profile_ids))[:_PROFILES_KEPT])


@dataclass(slots=True, kw_only=True)
class SourceShape:
    """Counts over the pages that one source showed in one run, accepted or not."""

    #: Pages that were read; of profiles that were known before; that could not be read; that list no paper.
    pages: int = 0
    known: int = 0
    unread: int = 0
    empty: int = 0
    papers: int = 0
    #: On the pages before of profiles that were known.
    papers_before: int = 0
    #: By trait: how many pages, or papers, show it; and did before.
    shown: Counter[str] = field(default_factory=Counter)
    shown_before: Counter[str] = field(default_factory=Counter)
    strikes: dict[str, Strikes] = field(default_factory=dict)
    #: By trait: what was told of it with this run. Only what is stored has been told.
    told: Mapping[str, Fate] = field(default_factory=dict)
    #: Traits that have changed back with this run; that were struck in it by what was told before.
    ended: tuple[str, ...] = ()
    lasting: tuple[str, ...] = ()
    #: The profile with the lowest id of all, and by trait of those that it struck. They are not stored.
    first: Watch | None = None
    examples: dict[str, Watch] = field(default_factory=dict)

    def count(self, watch: Watch, before: ProfileReading | None, now: ProfileReading) -> None:
        """Take in a page, and the one before as the same parser reads it; None: there was none."""
        self.first = _lower(self.first, watch)
        self.pages += 1
        self.papers += len(now.papers)
        self.empty += not now.papers
        self.shown.update(_traits(now))
        if before is None:
            return
        self.known += 1
        self.papers_before += len(before.papers)
        self.shown_before.update(_traits(before))
        for trait, fate in fates(before, now).items():
            self.strikes.setdefault(trait, Strikes()).count(watch.profile_id, fate)
            if fate in (Fate.LOST, Fate.CHANGED):
                self.examples[trait] = _lower(self.examples.get(trait), watch)

    def add(self, other: "SourceShape") -> None:
        """Take in the counts of another part of the same run."""
        for name in ("pages", "known", "unread", "empty", "papers", "papers_before"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.shown.update(other.shown)
        self.shown_before.update(other.shown_before)
        for trait, strikes in other.strikes.items():
            self.strikes.setdefault(trait, Strikes()).add(strikes)
        if other.first is not None:
            self.first = _lower(self.first, other.first)
        for trait, watch in other.examples.items():
            self.examples[trait] = _lower(self.examples.get(trait), watch)

    def share(self, trait: str) -> float:
        """Of the pages, or their papers, that were read: the share that shows a trait. 0 where there were none."""
        return self.shown[trait] / ((self.pages if is_of_pages(trait) else self.papers) or 1)

    def share_before(self, trait: str) -> float:
        return self.shown_before[trait] / ((self.known if is_of_pages(trait) else self.papers_before) or 1)

    def to_json(self) -> dict[str, Any]:
        return {
            "pages": self.pages,
            "known": self.known,
            "unread": self.unread,
            "empty": self.empty,
            "papers": self.papers,
            "papers_before": self.papers_before,
            "shown": dict(sorted(self.shown.items())),
            "shown_before": dict(sorted(self.shown_before.items())),
            "strikes": {trait: strikes.to_json() for trait, strikes in sorted(self.strikes.items())},
            "told": dict(sorted(self.told.items())),
            "ended": list(self.ended),
            "lasting": list(self.lasting),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """What `to_json` gave."""
        return cls(
            pages=stored["pages"],
            known=stored["known"],
            unread=stored["unread"],
            empty=stored["empty"],
            papers=stored["papers"],
            papers_before=stored["papers_before"],
            shown=Counter(stored["shown"]),
            shown_before=Counter(stored["shown_before"]),
            strikes={trait: Strikes.from_json(strikes) for trait, strikes in stored["strikes"].items()},
            told={trait: Fate(fate) for trait, fate in stored["told"].items()},
            ended=tuple(stored["ended"]),
            lasting=tuple(stored["lasting"]),
        )


def _lower(one: Watch | None, other: Watch) -> Watch:
    return one if one is not None and one.profile_id <= other.profile_id else other


def _traits(reading: ProfileReading) -> Counter[str]:
    return Counter(page_traits(reading)) + paper_traits(reading.papers)
