"""Verdicts about what was found, as the configuration and the past of each profile have them.

rules and silences, the past of all profiles   read once, for all that is judged together
  | judge                                      pure, profile by profile
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from alerts.judge import judge
from alerts.matching import RuleSet
from alerts.subject import Subject
from flows.config.hosts import authority
from flows.config.whole import Settings
from scrapers.registry import SOURCES
from storage.store import Store
from tracking.alert import Verdict
from tracking.event import Event
from tracking.memory import Memory, Reach
from tracking.silence import Silence


@dataclass(frozen=True, slots=True)
class Court:
    """What verdicts about one profile rest on beside its events."""

    subject: Subject
    rules: RuleSet
    memory: Memory
    silences: Sequence[Silence]
    settings: Settings

    def judge(self, events: Sequence[Event], now: datetime) -> list[Verdict]:
        """See `alerts.judge`."""
        return judge(
            events,
            self.subject,
            self.rules,
            self.settings.receivers,
            now,
            memory=self.memory,
            silences=self.silences,
        )


def courts(
    store: Store, settings: Settings, profiles: Sequence[tuple[int, Subject]], at: datetime, now: datetime
) -> list[Court]:
    """One for each profile, by its id, in their order.

    They judge at ``now``; the earliest event that comes before them is of the time ``at``.
    """
    if not profiles:
        return []
    silences = store.silences(now)
    rules = [settings.rules_for(subject.person, subject.tags) for _, subject in profiles]
    asked = {profile_id: asked_host(subject.source, subject.profile_url) for profile_id, subject in profiles}
    memories = store.memories(asked, at, reduce(or_, (one.reach for one in rules), Reach()))
    return [
        Court(subject, of_person, memories[profile_id], silences, settings)
        for (profile_id, subject), of_person in zip(profiles, rules, strict=True)
    ]


def verdicts_about(
    store: Store, settings: Settings, found: Sequence[tuple[Sequence[Event], Subject]], now: datetime
) -> list[list[Verdict]]:
    """The verdicts about the events of each profile, in their order; a profile may come without events."""
    eventful = [(events[0].profile_id, subject) for events, subject in found if events]
    earliest = min((event.observed_at for events, _ in found for event in events), default=now)
    before = iter(courts(store, settings, eventful, earliest, now))
    return [next(before).judge(events, now) if events else [] for events, _ in found]


def asked_host(source: str, url: str) -> str:
    """The host that is asked for a profile: that of its URL, or of its source's own interface."""
    return authority(SOURCES[source].base_of(url))
