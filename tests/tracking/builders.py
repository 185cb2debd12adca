"""Papers, readings and what is known, in a line each."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tracking.check import CheckIntent, Finding, Known, KnownMetric, KnownPaper, Page, Parsed, Watch
from tracking.decide import decide
from tracking.diff import content
from tracking.identity import identify
from tracking.reading import PaperReading, ProfileReading, Published

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
PARSER = "scholarfeed/1"


def paper(title: str, published: str | None = "2025-03-04", **facts: object) -> PaperReading:
    values: dict[str, object] = {"authors": ("Ada Example", "Bo Sample"), "category": "LG", "has_code": False}
    date = Published.parse(published) if published else None
    return PaperReading(title=title, published=date, **(values | facts))  # type: ignore[arg-type]


def reading(papers: Sequence[PaperReading], *, complete: bool = True, **facts: object) -> ProfileReading:
    metrics = facts.pop("metrics", {"h_index": 12, "citations": 1204})
    return ProfileReading(
        source="scholarfeed",
        name=str(facts.pop("name", "Ada Example")),
        field="LG",
        metrics=metrics,  # type: ignore[arg-type]
        papers=tuple(papers),
        complete=complete,
    )


def page(body: bytes = b"a page") -> Page:
    return Page(url="http://127.0.0.1/author/1", status=200, headers={"etag": '"1"'}, body=body)


def parsed(read: ProfileReading, previous: ProfileReading | None = None, parser: str = PARSER) -> Parsed:
    return Parsed(page=page(), reading=read, parser=parser, previous=previous)


class Profile:
    """One profile's state, carried from check to check as the store would: a story in a few lines."""

    def __init__(self) -> None:
        self.watch = Watch(
            profile_id=1, revision=0, person_id=1, person="Ada", source="scholarfeed", key="1", url="http://127.0.0.1/1"
        )
        self.known: Known | None = None
        self.now = NOON - 30 * DAY

    def sees(self, finding: Finding | ProfileReading, after: timedelta = DAY) -> CheckIntent:
        self.now += after
        if isinstance(finding, ProfileReading):
            finding = parsed(finding)
        intent = decide(self.watch, finding, self.known, self.now)
        self.watch = replace(
            self.watch,
            revision=self.watch.revision + 1,
            unsettled=intent.unsettled,
            last_outcome=intent.outcome,
            asked_about=intent.suspicion or self.watch.asked_about,
        )
        if intent.snapshot is not None:
            self.watch = replace(self.watch, parser=intent.snapshot.parser, accept_next=False)
            self._accept(intent)
        if self.known is not None and intent.outcome.is_good:
            self._confirm(intent)
        return intent

    def heard(self, finding: Finding | ProfileReading, after: timedelta = DAY) -> list[str]:
        """Kinds and subjects of the events of the next check."""
        events = self.sees(finding, after).events
        return [f"{e.kind}: {e.paper_title or e.field or e.after}" for e in events]

    def _accept(self, intent: CheckIntent) -> None:
        assert intent.snapshot is not None
        papers = dict(self.known.papers) if self.known else {}
        now = content(intent.snapshot)
        for identity in intent.papers:
            papers[identity.key] = KnownPaper(
                key=identity.key, aliases=identity.aliases, paper=identity.paper, listed=True
            )
        for key in papers:
            if key in now.papers:
                papers[key] = replace(papers[key], paper=now.papers[key], listed=True, missed_at=None, removed=False)
            else:
                missed_at = self.now if key in intent.missed else papers[key].missed_at
                papers[key] = replace(papers[key], listed=False, missed_at=missed_at)
        metrics: dict[str, KnownMetric] = dict(self.known.metrics) if self.known else {}
        highest: dict[str, KnownMetric] = dict(self.known.highest) if self.known else {}
        for name, value in intent.metrics.items():
            if value is not None:
                metrics[name] = KnownMetric(value, self.now)
                if name not in highest or highest[name].value < value:
                    highest[name] = metrics[name]
        self.known = Known(
            observed_at=self.now,
            confirmed_at=self.now,
            reading=intent.snapshot.reading,
            keys=intent.snapshot.keys,
            papers=papers,
            metrics=metrics,
            highest=highest,
        )

    def _confirm(self, intent: CheckIntent) -> None:
        assert self.known is not None
        papers = dict(self.known.papers)
        for key in intent.removed:
            papers[key] = replace(papers[key], removed=True)
        self.known = replace(self.known, confirmed_at=self.now, papers=papers)


def knowing(source: str, papers: Sequence[PaperReading]) -> Mapping[str, KnownPaper]:
    """What is known after these papers were shown once."""
    identified = identify(source, papers, {})
    return {
        key: KnownPaper(key=key, aliases=identified.aliases[key], paper=paper, listed=True)
        for key, paper in zip(identified.keys, papers, strict=True)
    }


def twenty() -> list[PaperReading]:
    """Twenty papers that nobody would take for one another."""
    subjects = ["glaciers", "enzymes", "lattices", "markets", "galaxies"]
    verbs = ["Measuring", "Simulating", "Forgetting", "Classifying"]
    return [
        paper(f"{verb} {subject} with {adverb} instruments", f"20{10 + n}-0{n % 9 + 1}-1{n % 9}")
        for n, (verb, subject, adverb) in enumerate(
            (v, s, a) for v, a in zip(verbs, ["coarse", "borrowed", "quiet", "broken"], strict=True) for s in subjects
        )
    ]
