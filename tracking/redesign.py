"""Has a source another layout? Told from the shape of what its pages show, against the runs before.

>>> redesign("scholarfeed", shape, recent, followed=42)
Redesign(drift=Drift(…, detail='abstract: on 3 % of the papers of 42 pages, was on 98 %'), told={'abstract': …}, …)

That one profile loses something says nothing. A trait has fallen where it strikes more profiles of a run, at least
three and three in ten, than could have happened by chance at the rate of the runs before. It is told once: not again
before a run in which it strikes nobody, nor when what has changed changes back.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, log

from tracking.check import Watch
from tracking.drift import PROFILES_MIN, Drift
from tracking.shape import SourceShape, Strikes
from tracking.traits import PAPERS, Fate, is_of_pages, metric_trait

#: Runs that are looked back on.
RUNS = 20
#: Of the profiles that showed a trait, at least so many are struck by a redesign.
_STRUCK_SHARE = 0.3
#: So many profiles in a run may be struck by what their people do, even where no run before has had any.
_ODD_PROFILES = 0.02
#: How likely it may be that chance alone strikes as many.
_CHANCE = 1e-3
#: Traits that are named in a sentence.
_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Redesign:
    """What the shape of a run says of its source's layout: to be stored with the shape."""

    #: What is told of it, with the traits that it is about; None: nothing is.
    drift: Drift | None = None
    told: Mapping[str, Fate] = field(default_factory=dict)
    #: Traits that were told to have changed and have changed again: back, most likely.
    ended: tuple[str, ...] = ()
    #: Traits that are struck by what was told before, or is told as a recount.
    lasting: tuple[str, ...] = ()


def redesign(
    source: str,
    shape: SourceShape,
    recent: Sequence[SourceShape],
    followed: int,
    recounted: Collection[str] = (),
) -> Redesign:
    """Whether the layout of a source has moved with this run.

    ``recent`` are the shapes of the runs before, the newest first; ``followed`` profiles are of the source. Of metrics
    that are ``recounted`` that is told: other values of those are no other layout.
    """
    recent = recent[:RUNS]
    fallen = _fallen(shape, recent, followed)
    of_recounts = {metric_trait(metric) for metric in recounted}
    lasting = tuple(
        trait
        for trait, fate in fallen.items()
        if _is_told(trait, recent, followed) or (fate is Fate.CHANGED and trait in of_recounts)
    )
    unheard = {trait: fate for trait, fate in fallen.items() if trait not in lasting}
    ended = tuple(trait for trait, fate in unheard.items() if fate is Fate.CHANGED and _has_changed(trait, recent))
    told = {trait: fate for trait, fate in unheard.items() if trait not in ended}
    examples = [shape.examples[trait] for trait in told if trait in shape.examples] or _anybody(shape)
    if not told or not examples:
        return Redesign(ended=ended, lasting=lasting)
    example = min(examples, key=lambda watch: watch.profile_id)
    drift = Drift(source=source, profile=example, detail=_sentence(told, shape, recent))
    return Redesign(drift=drift, told=told, ended=ended, lasting=lasting)


def _anybody(shape: SourceShape) -> list[Watch]:
    return [] if shape.first is None else [shape.first]


def _fallen(shape: SourceShape, recent: Sequence[SourceShape], followed: int) -> dict[str, Fate]:
    """The traits that a redesign has struck in this run, whether that was told or not."""
    if followed < PROFILES_MIN:
        return dict.fromkeys(_still_lost(shape, recent), Fate.LOST)
    return {
        trait: Fate.LOST if strikes.lost >= strikes.changed else Fate.CHANGED
        for trait, strikes in sorted(shape.strikes.items())
        if strikes.struck and _is_common(*_pooled(trait, strikes, recent))
    }


def _still_lost(shape: SourceShape, recent: Sequence[SourceShape]) -> list[str]:
    """Of one profile or two: the fields of papers that all lost in the run before, and do not show now either.

    A metric may be missing from one page for days, and a list be halved by its person.
    """
    if not recent or not shape.pages:
        return []
    return [
        trait
        for trait, strikes in sorted(recent[0].strikes.items())
        if not is_of_pages(trait) and 0 < strikes.compared == strikes.lost and not shape.shown[trait]
    ]


def _pooled(trait: str, strikes: Strikes, recent: Sequence[SourceShape]) -> tuple[Strikes, float]:
    """The strikes of this run, and the usual share of struck profiles in the runs before.

    Where few profiles were asked for in this run, it counts together with some of those before.
    """
    pooled, older = Strikes(), list(recent)
    pooled.add(strikes)
    while older and pooled.compared < PROFILES_MIN and trait not in older[0].told:
        pooled.add(older.pop(0).strikes.get(trait, Strikes()))
    return pooled, _usual_rate(trait, older)


def _is_common(strikes: Strikes, usual_rate: float) -> bool:
    """True where more profiles are struck than what their people do can account for."""
    if len(strikes.profiles) < PROFILES_MIN or strikes.struck < _STRUCK_SHARE * strikes.compared:
        return False
    return chance_of(strikes.struck, strikes.compared, usual_rate) <= _CHANCE


def chance_of(struck: int, compared: int, rate: float) -> float:
    """An upper bound of the chance that so many of the compared are struck, or more, at that rate (Chernoff's).

    >>> chance_of(3, 3, 0.02)
    8.000000000000001e-06
    """
    share = struck / compared
    if share <= rate:
        return 1.0
    divergence = share * log(share / rate)
    if struck < compared:
        divergence += (1 - share) * log((1 - share) / (1 - rate))
    return exp(-compared * divergence)


def _usual_rate(trait: str, recent: Sequence[SourceShape]) -> float:
    """The share of profiles that a run strikes where nothing was told of it."""
    ordinary = [
        shape.strikes[trait]
        for shape in recent
        if trait in shape.strikes and trait not in (*shape.told, *shape.ended, *shape.lasting)
    ]
    compared = sum(strikes.compared for strikes in ordinary)
    return max(_ODD_PROFILES, sum(strikes.struck for strikes in ordinary) / compared if compared else 0.0)


def _is_told(trait: str, recent: Sequence[SourceShape], followed: int) -> bool:
    """True while the outbreak lasts that was told: no run since has found the trait where it was."""
    for shape in recent:
        if trait in shape.told:
            return True
        strikes = shape.strikes.get(trait, Strikes())
        if strikes.kept + strikes.gained >= min(PROFILES_MIN, followed) and strikes.struck <= strikes.kept:
            return False
    return False


def _has_changed(trait: str, recent: Sequence[SourceShape]) -> bool:
    """True where it was told to have changed, and has not changed since."""
    last = next((shape for shape in recent if trait in shape.told or trait in shape.ended), None)
    return last is not None and last.told.get(trait) is Fate.CHANGED


def _sentence(told: Mapping[str, Fate], shape: SourceShape, recent: Sequence[SourceShape]) -> str:
    ordered = sorted(told, key=lambda trait: (trait != PAPERS, trait))
    parts = [_clause(trait, told[trait], shape, recent) for trait in ordered[:_NAMED]]
    if len(told) > _NAMED:
        parts.append(f"and {len(told) - _NAMED} more")
    return "; ".join(parts)


def _clause(trait: str, fate: Fate, shape: SourceShape, recent: Sequence[SourceShape]) -> str:
    name = trait.removeprefix("metric ").replace("_", " ")
    pages = "1 page" if shape.pages == 1 else f"{shape.pages} pages"
    if trait == PAPERS:
        return f"{name}: {shape.papers} on {pages}, were {shape.papers_before}"
    if fate is Fate.CHANGED:
        strikes = shape.strikes[trait]
        return f"{name}: reads otherwise on {strikes.struck} of {strikes.compared} pages"
    # What was lost in the run before was shown before that.
    before = shape if shape.shown_before[trait] else next((one for one in recent if one.shown_before[trait]), shape)
    what = pages if is_of_pages(trait) else f"the papers of {pages}"
    return f"{name}: on {shape.share(trait):.0%} of {what}, was on {before.share_before(trait):.0%}".replace("%", " %")
