"""A person with profiles at several sources, carried from check to check as a run would."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tests.tracking.builders import NOON, page
from tracking.advance import advance
from tracking.check import CheckIntent, Known, Parsed, Watch
from tracking.decide import decide
from tracking.elsewhere import ShownPaper, relate
from tracking.event import EventKind
from tracking.reading import PaperReading, ProfileReading


class Person:
    """Sources answer one after the other; ``now`` goes on by a minute with each, and as a story says."""

    def __init__(self, *sources: str) -> None:
        self.now = NOON
        self._watches = {
            source: Watch(profile_id=number, revision=0, person_id=1, person="Ada", source=source, key="1", url="")
            for number, source in enumerate(sources, 1)
        }
        self._known: dict[str, Known] = {}
        self._first: dict[tuple[str, str], datetime] = {}

    def days_go_by(self, days: float) -> None:
        self.now += timedelta(days=days)

    def shows(self, source: str, *papers: PaperReading) -> CheckIntent:
        """A source shows exactly these papers."""
        self.now += timedelta(minutes=1)
        watch = self._watches[source]
        reading = ProfileReading(source=source, name="Ada Example", papers=papers, complete=True)
        parsed = Parsed(page=page(), reading=reading, parser="parser/1")
        known = self._known.get(source)
        # Mass changes are the guard's matter.
        decided = decide(replace(watch, accept_next=True), parsed, known, self.now)
        intent = relate(decided, watch, known, self._elsewhere(source))
        self._known[source] = advance(known, intent)
        for key in intent.listed:
            self._first.setdefault((source, key), self.now)
        return intent

    def hears(self, source: str, *papers: PaperReading) -> list[str]:
        """Kinds and titles of the events of a check, of those that papers cause."""
        return [f"{event.kind}: {event.paper_title}" for event in self.shows(source, *papers).events if event.paper_key]

    def _elsewhere(self, source: str) -> Sequence[ShownPaper]:
        return [
            ShownPaper(
                key=key,
                aliases=paper.aliases | {key},
                paper=paper.paper,
                profile_id=self._watches[other].profile_id,
                source=other,
                first_shown_at=self._first[other, key],
            )
            for other, known in self._known.items()
            if other != source
            for key, paper in known.papers.items()
        ]


def told(intents: Sequence[CheckIntent]) -> list[str]:
    """The titles that the default rules tell."""
    return [str(event.paper_title) for i in intents for event in i.events if event.kind is EventKind.PAPER_NEW]
