"""What a rehearsal goes by and what it goes through, from the configuration and the store."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Self

from alerts.asking import LATER
from alerts.delivery import Receiver
from alerts.figures import moment
from alerts.matching import RuleSet
from alerts.rehearsal import OF_MESSAGES, Rehearsal
from alerts.rehearsal_outbox import Deliveries
from alerts.rehearsal_script import Facts, Followed, Script
from alerts.setting import suggestion
from alerts.subject import Subject, folded
from flows.config.whole import Settings
from flows.judging import asked_host
from flows.recounts import counts_on
from storage.rehearsed import Rehearsed
from storage.store import Store
from tracking.event import Cause, EventKind
from tracking.past import PastMoment, PastProfile
from tracking.recount import Place
from tracking.silence import Silence

#: Called with how many events there are, and how many are through.
Progress = Callable[[int, int], None]


class WrongRehearsal(ValueError):  # noqa: N818 - it reads as what it says
    """What cannot be rehearsed; one sentence for a person that says what there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be rehearsed; what is not named is not chosen from."""

    #: None: since history begins.
    since: datetime | None = None
    until: datetime
    #: As if there were no others.
    rules: tuple[str, ...] = ()
    receiver: str | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """``wanted`` is what is rehearsed, of the part of history from ``since`` until ``until``."""

    wanted: Wanted
    since: datetime
    until: datetime
    receivers: Sequence[Receiver]
    #: By the id of the profile, whose it is.
    subjects: Mapping[int, Subject]
    past: Rehearsed
    first_versions: Mapping[str, str]
    deliveries: Deliveries
    #: All that ever were, each with its time.
    silences: Sequence[Silence]
    #: Whether a source that was told to count a metric anew went on with it at a time.
    counts_on: Callable[[Place, datetime], bool]

    @classmethod
    def of(cls, store: Store, settings: Settings, wanted: Wanted) -> Self:
        """Raises WrongRehearsal, and UnknownPerson."""
        subjects = _subjects(store.past_profiles(wanted.person), settings)
        past = store.rehearsed(subjects.keys())
        since, until = _span(past, wanted)
        return cls(
            wanted=wanted,
            since=since,
            until=until,
            receivers=_receivers(settings, wanted),
            subjects=subjects,
            past=past,
            first_versions=past.first_versions(),
            deliveries=Deliveries(past.deliveries()),
            silences=store.all_silences(),
            counts_on=partial(counts_on, store),
        )

    def script(self, settings: Settings) -> Script:
        """With the rules of these settings, of which those that are wanted. Raises WrongRehearsal."""
        whole = {
            profile_id: settings.rules_for(subject.person, subject.tags)
            for profile_id, subject in self.subjects.items()
        }
        each = {id(rules): rules for rules in whole.values()}
        names = _chosen_rules(each.values(), self.wanted)
        chosen = {place: RuleSet(rule for rule in rules if rule.name in names) for place, rules in each.items()}
        followed = {
            profile_id: Followed(
                subject=subject,
                host=asked_host(subject.source, subject.profile_url),
                rules=chosen[id(whole[profile_id])],
            )
            for profile_id, subject in self.subjects.items()
        }
        return Script(
            followed=followed,
            receivers=self.receivers,
            first_versions=self.first_versions,
            deliveries=self.deliveries,
            silences=self.silences,
            counts_on=self.counts_on,
        )

    def moments(self, script: Script, progress: Progress | None = None) -> Iterator[list[PastMoment]]:
        """A part of history at a time, from where it begins: what the rules can have something to say of."""
        kinds = _kinds(script.rule_sets)
        total = done = 0
        if progress is not None:
            counts = self.past.counts(None, self.until)
            total = sum(count for (kind, _), count in counts.items() if kind in kinds)
        for moments in self.past.moments(kinds, self.until):
            yield moments
            if progress is not None:
                done += sum(len(check.events) for one in moments for check in one.checks)
                progress(total, done)

    def unread(self, script: Script) -> dict[tuple[EventKind, Cause], int]:
        """By kind and cause, how many events of the time that is wanted are left out of `moments`."""
        kinds = _kinds(script.rule_sets)
        counts = self.past.counts(self.since, self.until)
        return {(kind, cause): count for (kind, cause), count in counts.items() if kind not in kinds | OF_MESSAGES}

    def facts(self, rehearsal: Rehearsal, moments: Sequence[PastMoment]) -> Facts:
        """What rules look at beside the events of a part of history."""
        events, profile_ids = rehearsal.asks(moments)
        first = moments[0].at - rehearsal.reach.values
        return Facts(
            papers=self.past.papers(events) if events else {},
            values=self.past.values(profile_ids, first, moments[-1].at) if profile_ids else {},
        )


def rule_names(script: Script, receiver: str) -> list[str]:
    """The rules that tell a receiver something, in the order of the configuration; without what is left over."""
    names = (rule for rules in script.rule_sets for rule in rules if rule.notifies(receiver) and not rule.leftover)
    return list(dict.fromkeys(rule.name for rule in names if not rule.disabled))


def _receivers(settings: Settings, wanted: Wanted) -> Sequence[Receiver]:
    if wanted.receiver is None:
        return settings.receivers
    chosen = [receiver for receiver in settings.receivers if receiver.name == wanted.receiver]
    if not chosen:
        names = [receiver.name for receiver in settings.receivers]
        raise WrongRehearsal(f"no receiver is called “{wanted.receiver}”; {suggestion(wanted.receiver, names)}")
    return chosen


def _subjects(profiles: Sequence[PastProfile], settings: Settings) -> dict[int, Subject]:
    """Of those profiles that the configuration names, by id."""
    people = {(one.source, one.key): person for person in settings.people for one in person.profiles}
    return {
        profile.profile_id: Subject(
            person=person.name or profile.person or profile.url,
            tags=person.tags,
            source=profile.source,
            profile_url=profile.url,
        )
        for profile in profiles
        if (person := people.get((profile.source, profile.key))) is not None
    }


def _chosen_rules(rule_sets: Iterable[RuleSet], wanted: Wanted) -> frozenset[str]:
    names = {folded(rule.name): rule.name for rules in rule_sets for rule in rules}
    for name in wanted.rules:
        if folded(name) not in names:
            raise WrongRehearsal(f"no rule is called “{name}”; {suggestion(name, list(names.values()))}")
    return frozenset(names[folded(name)] for name in wanted.rules or names)


def _kinds(rule_sets: Iterable[RuleSet]) -> frozenset[EventKind]:
    """Of the events that one of the rules may have something to say of, and of those that others are judged by."""
    kinds = {EventKind.HOST_DOWN, EventKind.HOST_BACK, EventKind.SOURCE_RECOUNT}
    for rules in rule_sets:
        kinds |= {kind for rule in rules for kind in rule.on}
        kinds |= {EventKind.PAPER_NEW, *LATER} if rules.waiting else set()
    return frozenset(kinds - OF_MESSAGES)


def _span(past: Rehearsed, wanted: Wanted) -> tuple[datetime, datetime]:
    found = past.span()
    if found is None:
        raise WrongRehearsal("there is no history yet: nothing of whom is followed was recorded")
    first, last = found
    since, until = max(first, wanted.since or first), wanted.until
    if since >= until:
        raise WrongRehearsal(f"there is no history from then; it exists from {moment(first)} until {moment(last)}")
    return since, until
