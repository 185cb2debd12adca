"""Pages read without what the owner has rejected: as if that had never been seen."""

from dataclasses import dataclass, replace
from datetime import datetime

from tracking.aliases import alias_strength, aliases
from tracking.check import Known, Parsed, Snapshot, Watch
from tracking.diff import content
from tracking.guard import Suspect, guard
from tracking.identity import identify
from tracking.reading import ProfileReading
from tracking.rejection import rejected_at
from tracking.suspicion import Doubt, Suspicion


def without(reading: ProfileReading, rejected: frozenset[str]) -> ProfileReading:
    """The reading without the papers that have a rejected alias. What the page says of itself stays."""
    if not rejected:
        return reading
    kept = tuple(paper for paper in reading.papers if rejected.isdisjoint(aliases(reading.source, paper)))
    return reading if len(kept) == len(reading.papers) else replace(reading, papers=kept)


def as_believed(watch: Watch, parsed: Parsed, known: Known | None, observed_at: datetime) -> Parsed:
    """A page of this time, and the one before where it was read again, without what is rejected."""
    if not watch.rejections:
        return parsed
    reading = without(parsed.reading, rejected_at(watch.rejections, observed_at))
    previous = parsed.previous
    if previous is not None and known is not None:
        previous = without(previous, rejected_at(watch.rejections, known.observed_at))
    left_out = len(parsed.reading.papers) - len(reading.papers)
    return replace(parsed, reading=reading, previous=previous, left_out=left_out)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What it means to reject a page that is held back."""

    #: The aliases of each paper of the page that is unknown here, the strongest first.
    papers: tuple[tuple[str, ...], ...] = ()
    #: The name on the page in its plain form, where the name is what is suspicious.
    name: str | None = None
    #: What such pages are held back for without these papers; the owner is not asked about that any more.
    suspicion: Suspicion | None = None


def refuse(known: Known, reading: ProfileReading) -> Refusal:
    """Reject a page that is held back; ``reading`` is what it says, without what was rejected before.

    An alias that a known paper has is not rejected with the paper that shares it.
    """
    own = {alias for paper in known.papers.values() for alias in paper.aliases}
    identified = identify(reading.source, reading.papers, known.papers)
    papers = tuple(
        tuple(sorted(names, key=alias_strength))
        for key, shown in identified.aliases.items()
        if key not in known.papers and (names := shown - own)
    )
    found = _suspicion(known, reading)
    name = found.about[0] if found is not None and found.doubt is Doubt.NAME else None
    rejected = frozenset(alias for names in papers for alias in names) | ({name} if name else set())
    left = _suspicion(known, without(reading, rejected), rejected)
    suspicion = left or found
    return Refusal(
        papers=papers,
        name=name,
        suspicion=replace(suspicion.to_remember(), rejected=True) if suspicion is not None else None,
    )


def _suspicion(known: Known, reading: ProfileReading, rejected: frozenset[str] = frozenset()) -> Suspicion | None:
    identified = identify(reading.source, reading.papers, known.papers)
    before = content(Snapshot(reading=known.reading, keys=known.keys, parser=""))
    after = content(Snapshot(reading=reading, keys=identified.keys, parser=""))
    match guard(known, before, after, rejected=rejected):
        case Suspect(suspicion=suspicion):
            return suspicion
        case _:
            return None
