"""What is known after a check, from what was known before it and what the check decided.

>>> intent = decide(watch, parsed, known, now)
>>> known = advance(known, intent)

The store's tables say the same in intervals; a test holds the two together.
"""

from dataclasses import replace

from tracking.check import CheckIntent, Known, KnownMetric, KnownPaper
from tracking.diff import content
from tracking.milestone import reach


def advance(known: Known | None, intent: CheckIntent) -> Known:
    """What is known once ``intent``, of a check that was accepted, is written."""
    if intent.snapshot is None:
        assert known is not None, "only a first snapshot can follow nothing"
        return replace(known, confirmed_at=intent.observed_at, papers=_settled(dict(known.papers), intent))
    reading = intent.snapshot.reading
    papers = dict(known.papers) if known else {}
    metrics = dict(known.metrics) if known else {}
    highest = dict(known.highest) if known else {}
    aliases = {identity.key: identity.aliases for identity in intent.papers}
    for key, paper in content(intent.snapshot).papers.items():
        own = aliases[key] if key in aliases else papers[key].aliases
        papers[key] = KnownPaper(key=key, aliases=own, paper=paper, listed=True)
    for key, paper in intent.unlisted.items():
        papers[key] = replace(papers[key], paper=replace(paper, abstract=None), listed=False)
    for name, value in intent.metrics.items():
        if value is not None:
            metrics[name] = KnownMetric(value, intent.observed_at)
            reach(highest, name, metrics[name])
    return Known(
        observed_at=intent.observed_at,
        confirmed_at=intent.observed_at,
        reading=reading,
        keys=intent.snapshot.keys,
        papers=_settled(papers, intent),
        metrics=metrics,
        highest=highest,
    )


def _settled(papers: dict[str, KnownPaper], intent: CheckIntent) -> dict[str, KnownPaper]:
    for key in intent.missed:
        papers[key] = replace(papers[key], missed_at=intent.observed_at)
    for key in intent.removed:
        papers[key] = replace(papers[key], removed=True)
    return papers
