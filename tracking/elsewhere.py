"""One paper, many sources: the first source of a person to show it tells, the others enrich.

    decide → relate → judge
               ↑ what the person's other profiles have shown

A paper is known from elsewhere by an alias, or as another version of the same work by evidence. Two profiles of one
source are no two sources: what both show is told once for another reason, the topic of `tracking.event`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tracking.aliases import WORLD_WIDE, alias_strength, identifiers_conflict
from tracking.check import CheckIntent, Known, PaperIdentity, PaperLink, Watch
from tracking.event import Cause, Event, EventKind
from tracking.reading import PaperReading
from tracking.titles import UNDECODED, is_same_title, normal_title
from tracking.versions import are_ambiguous, is_preprint_of, version_evidence

#: What such an event is about: ``before`` is the first source's name, ``after`` that of the one which follows.
SOURCE_FIELD = "source"
_ARRIVALS = (EventKind.PAPER_NEW, EventKind.PAPER_LATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPaper:
    """A paper that a profile shows or has shown."""

    #: As the store knows it.
    key: str
    #: By which any profile knows it, the key among them.
    aliases: frozenset[str]
    #: As it was last shown, perhaps without its abstract.
    paper: PaperReading
    profile_id: int
    source: str
    #: Observed time of the first snapshot of the profile that showed it.
    first_shown_at: datetime


#: What the other followed profiles of a person have shown.
Elsewhere = Sequence[ShownPaper]


def first_met(intent: CheckIntent, known: Known | None) -> tuple[PaperIdentity, ...]:
    """The papers that the profile has not shown before this check."""
    before = known.papers if known is not None else {}
    return tuple(identity for identity in intent.papers if identity.key not in before)


def relate(intent: CheckIntent, watch: Watch, known: Known | None, elsewhere: Elsewhere) -> CheckIntent:
    """The intent with what other profiles of the person say about the papers that it meets first.

    `paper.new` and `paper.late` of a paper that another source showed at the time of the check or before become
    `paper.enriched`, with the ids that they had. What is another version of a paper is linked to it.
    """
    met = first_met(intent, known)
    if not met:
        return intent
    shown = _Shown(paper for paper in elsewhere if paper.first_shown_at <= intent.observed_at)
    own = _own_papers(intent, watch, known)
    first: dict[str, ShownPaper] = {}
    links: list[PaperLink] = []
    for identity in met:
        same, versions = shown.same(identity), shown.versions(identity, own)
        links += _links(identity, same, versions, watch)
        others = [one for one in (*same, *(one for one, _ in versions)) if one.source != watch.source]
        if others:
            first[identity.key] = min(others, key=lambda one: (one.first_shown_at, one.source, one.profile_id))
    links += _links_on_the_profile(met, own)
    return replace(
        intent,
        links=tuple(links),
        events=tuple(_second_showing(event, first.get(event.paper_key or ""), watch) for event in intent.events),
    )


def is_second_showing(kind: EventKind, field: str | None) -> bool:
    """True for the event that another source had shown a paper first: on its own the page tells it as new or late."""
    return kind is EventKind.PAPER_ENRICHED and field == SOURCE_FIELD


def as_recorded(found: Event, recorded: Event) -> Event:
    """``found``, which the pages of one profile tell, with what other profiles said of it when it was recorded."""
    if found.kind not in _ARRIVALS or not is_second_showing(recorded.kind, recorded.field):
        return found
    return replace(
        found,
        kind=recorded.kind,
        cause=recorded.cause,
        field=recorded.field,
        before=recorded.before,
        after=recorded.after,
        since=recorded.since,
    )


def _second_showing(event: Event, first: ShownPaper | None, watch: Watch) -> Event:
    """The event as it is where ``first`` has shown its paper before."""
    if first is None or event.kind not in _ARRIVALS or event.cause is not Cause.SOURCE:
        return event
    return replace(
        event,
        kind=EventKind.PAPER_ENRICHED,
        cause=Cause.ENRICHMENT,
        field=SOURCE_FIELD,
        before=first.source,
        after=watch.source,
        since=first.first_shown_at,
    )


# ---- which paper is which


class _Shown:
    """Papers, to be found by alias and by title."""

    def __init__(self, papers: Iterable[ShownPaper]) -> None:
        self._by_alias: defaultdict[str, list[ShownPaper]] = defaultdict(list)
        self._by_title: defaultdict[str, list[ShownPaper]] = defaultdict(list)
        self._damaged: list[ShownPaper] = []
        for paper in papers:
            for alias in paper.aliases:
                self._by_alias[alias].append(paper)
            self._by_title[normal_title(paper.paper.title)].append(paper)
            if UNDECODED in paper.paper.title:
                self._damaged.append(paper)

    def same(self, identity: PaperIdentity) -> list[ShownPaper]:
        """Those that are the same paper by an alias."""
        found = {
            (one.profile_id, one.key): one
            for alias in sorted(identity.aliases)
            for one in self._by_alias.get(alias, ())
        }
        return [one for one in found.values() if not identifiers_conflict(identity.aliases, one.aliases)]

    def versions(self, identity: PaperIdentity, own: "_Shown") -> list[tuple[ShownPaper, str]]:
        """Those that the evidence, given beside each, says are another version of it."""
        title = identity.paper.title
        titled = self.titled(title)
        if not titled or are_ambiguous([one.paper for one in own.titled(title)]):
            return []
        of_profile: defaultdict[int, list[ShownPaper]] = defaultdict(list)
        for one in titled:
            of_profile[one.profile_id].append(one)
        return [
            (one, evidence)
            for namesakes in of_profile.values()
            if not are_ambiguous([one.paper for one in namesakes])
            for one in namesakes
            if (evidence := version_evidence(one.paper, identity.paper)) is not None
        ]

    def titled(self, title: str) -> list[ShownPaper]:
        """Those of this title; a character that could not be decoded is any."""
        if UNDECODED in title:
            return [one for named in self._by_title.values() for one in named if is_same_title(one.paper.title, title)]
        damaged = [one for one in self._damaged if is_same_title(one.paper.title, title)]
        found = {id(one): one for one in (*self._by_title.get(normal_title(title), ()), *damaged)}
        return list(found.values())


def _own_papers(intent: CheckIntent, watch: Watch, known: Known | None) -> _Shown:
    """What the profile has shown until now, and what it shows with this check."""
    own = {key: (paper.aliases, paper.paper) for key, paper in known.papers.items()} if known is not None else {}
    own |= {identity.key: (identity.aliases, identity.paper) for identity in intent.papers}
    return _Shown(
        ShownPaper(
            key=key,
            aliases=aliases,
            paper=paper,
            profile_id=watch.profile_id,
            source=watch.source,
            first_shown_at=intent.observed_at,
        )
        for key, (aliases, paper) in own.items()
    )


# ---- links


def _links(
    identity: PaperIdentity, same: Sequence[ShownPaper], versions: Sequence[tuple[ShownPaper, str]], watch: Watch
) -> Iterator[PaperLink]:
    """To papers of other profiles. Where the store finds that both are one paper, nothing is left to link."""
    for one in same:
        common = sorted(identity.aliases & one.aliases, key=alias_strength)
        if common and common[0].startswith(WORLD_WIDE):
            evidence = f"“{identity.paper.title}” bears {common[0]} at {one.source} and at {watch.source}"
            yield PaperLink(key=identity.key, other_key=one.key, evidence=evidence, elsewhere=True)
    for one, evidence in versions:
        if one not in same:
            yield PaperLink(key=identity.key, other_key=one.key, evidence=evidence, elsewhere=True)


def _links_on_the_profile(met: Sequence[PaperIdentity], own: _Shown) -> Iterator[PaperLink]:
    """What a source lists as two is linked only where one is the preprint of the other."""
    linked: set[frozenset[str]] = set()
    for identity in met:
        namesakes = [one for one in own.titled(identity.paper.title) if one.key != identity.key]
        if len(namesakes) != 1 or not is_preprint_of(namesakes[0].paper, identity.paper):
            continue
        [other] = namesakes
        pair = frozenset({identity.key, other.key})
        evidence = version_evidence(other.paper, identity.paper)
        if pair not in linked and evidence is not None:
            linked.add(pair)
            yield PaperLink(key=identity.key, other_key=other.key, evidence=evidence, elsewhere=False)
