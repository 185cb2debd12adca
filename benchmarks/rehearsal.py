"""How long a rehearsal takes, and how much memory: many rules over many events, made up and out of a database.

    python -m benchmarks.rehearsal [--rules 200] [--events 100000] [--profiles 500] [--without-store]

First the engine alone, on events that are made up as they are needed; the ratio is to a loop that makes them and does
nothing. Then `rules test` over a database of as many events, whose papers stand in the snapshots of their day.
"""

import argparse
import resource
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

import yaml

from alerts.delivery import Receiver
from alerts.matching import RuleSet
from alerts.rehearsal import Rehearsal
from alerts.rehearsal_script import Facts, Followed, Script
from alerts.subject import Subject
from flows.config.whole import Settings
from flows.rehearsal_stage import Wanted
from flows.rehearsing import rehearse
from flows.settings import load
from storage.store import Store
from tracking.check import CheckIntent, Outcome, Page, PaperIdentity, Snapshot, Watch
from tracking.event import Cause, Event, EventKind, event_id
from tracking.past import PastCheck, PastMoment
from tracking.reading import PaperReading, ProfileReading

DAY = timedelta(days=1)
START = datetime(2021, 1, 1, 9, tzinfo=UTC)
TAGS = ("rl", "nlp", "vision", "theory", "robots")
METRICS = ("citations", "h_index", "papers", "novelty", "ai_score")
#: Titles are made of so many words, nine each.
WORDS = 2_000
#: Papers on a page.
LISTED = 12
RECEIVERS = {
    "me": {"file": "me.jsonl", "timezone": "Europe/Zurich", "quiet": "22:00-07:00"},
    "log": {"file": "log.jsonl", "timezone": "Asia/Tokyo", "cap": 10},
}


def main() -> None:
    options = _options()
    with TemporaryDirectory(prefix="scholarwatch-bench-") as folder:
        settings = _settings(Path(folder), options.rules, options.profiles)
        print(f"{options.rules} rules, {options.events:,} events of {options.profiles} profiles")
        _engine(settings, options.profiles, options.events)
        if not options.without_store:
            _store(settings, options.events)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rules", type=int, default=200)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--profiles", type=int, default=500)
    parser.add_argument("--without-store", action="store_true")
    return parser.parse_args()


# ---- what is made up


def _settings(folder: Path, rules: int, profiles: int) -> Settings:
    people = [
        {
            "name": f"Ada Example {number}",
            "tags": [TAGS[number % len(TAGS)]],
            "profiles": [{"url": _url(number), "source": "scholarfeed"}],
        }
        for number in range(profiles)
    ]
    written = {"people": people, "receivers": RECEIVERS, "rules": list(_rules(rules, profiles))}
    config = folder / "scholarwatch.yaml"
    config.write_text(yaml.safe_dump(written), "utf-8")
    return load(config)


def _url(number: int) -> str:
    return f"http://127.0.0.1/author/{number}"


def _rules(count: int, profiles: int) -> Iterator[dict[str, object]]:
    """Of every kind; every third is about a tag, every seventh about a person; every tenth cools down."""
    draw = Random(1)
    for number in range(count):
        on, where = [
            ("paper.new", {"title": f"w{draw.randrange(WORDS)}|w{draw.randrange(WORDS)}"}),
            ("paper.new", {"category": draw.choice(("LG", "CL")), "score": f">= {draw.randint(90, 99)}"}),
            ("paper.enriched", {"score": ">= 97"}),
            ("metric.changed", {"metric": "citations", "delta": f">= {draw.randint(60, 500)}"}),
            ("metric.changed", {"metric": draw.choice(METRICS), "delta": ">= 30%"}),
        ][number % 5]
        where |= {"tag": draw.choice(TAGS)} if number % 3 == 0 else {}
        where |= {"person": f"Ada Example {draw.randrange(profiles)}"} if number % 7 == 0 else {}
        yield {
            "name": f"rule {number}",
            "on": on,
            "where": where,
            "notify": [draw.choice(tuple(RECEIVERS))],
            "every": draw.choice(("instant", "daily", "weekly")),
        } | ({"cooldown": "3d"} if number % 10 == 3 else {})


def _moments(profiles: int, events: int) -> Iterator[PastMoment]:
    """A day each; of a third of the profiles there is something to say, one to three things."""
    draw = Random(2)
    told, at = 0, START
    while told < events:
        checks = []
        for profile_id in range(1, profiles + 1):
            if draw.random() < 0.3 and told < events:
                here = [_event(draw, profile_id, at) for _ in range(draw.randint(1, 3))]
                told += len(here)
                checks.append(PastCheck(profile_id=profile_id, observed_at=at, events=tuple(here)))
        yield PastMoment(at=at, checks=tuple(checks))
        at += DAY


def _event(draw: Random, profile_id: int, at: datetime) -> Event:
    kind = draw.choice((EventKind.PAPER_NEW, EventKind.PAPER_ENRICHED, EventKind.PAPER_LATE, EventKind.METRIC_CHANGED))
    number = draw.randrange(1 << 60)
    about: dict[str, object] = {"paper_key": f"arxiv:{number}", "paper_title": _title(draw)}
    if kind is EventKind.METRIC_CHANGED:
        before = draw.randint(100, 20_000)
        about = {"field": draw.choice(METRICS), "before": before, "after": before + draw.randint(1, 100)}
    return Event(id=f"{number:016x}", kind=kind, cause=Cause.SOURCE, profile_id=profile_id, observed_at=at, **about)


def _title(draw: Random) -> str:
    return " ".join(f"w{draw.randrange(WORDS)}" for _ in range(9))


# ---- the engine alone


def _engine(settings: Settings, profiles: int, events: int) -> None:
    rules = settings.rules_for("", TAGS)
    followed = {number + 1: _followed(number, rules) for number in range(profiles)}
    receivers: Sequence[Receiver] = settings.receivers
    for _ in _moments(profiles, events):
        pass
    memory = _peak_bytes()
    began = process_time()
    for _ in _moments(profiles, events):
        pass
    bare = process_time() - began
    rehearsal = Rehearsal(Script(followed=followed, receivers=receivers), START)
    began, messages = process_time(), 0
    for moment in _moments(profiles, events):
        rehearsal.asks([moment])
        messages += sum(1 for _ in rehearsal.see(moment, Facts()))
    took = process_time() - began
    print(
        f"engine alone: {took:.1f} s of CPU, {took / bare:.1f} times what making the events takes ({bare:.1f} s); "
        f"{messages:,} messages; memory grew by {(_peak_bytes() - memory) / 1e6:.0f} MB"
    )


def _followed(number: int, rules: RuleSet) -> Followed:
    subject = Subject(
        person=f"Ada Example {number}", tags=(TAGS[number % len(TAGS)],), source="scholarfeed", profile_url=_url(number)
    )
    return Followed(subject=subject, host="127.0.0.1", rules=rules)


def _peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


# ---- out of a database


def _store(settings: Settings, events: int) -> None:
    with Store.open(settings.database) as store:
        began = perf_counter()
        recorded = _live(store, settings, events)
        size = Path(settings.database).stat().st_size
        print(f"database of {recorded:,} events ({size / 1e6:.0f} MB), written in {perf_counter() - began:.0f} s")
        memory, began, cpu = _peak_bytes(), perf_counter(), process_time()
        sent: list[int] = []
        wanted = Wanted(until=START + 10_000 * DAY)
        rehearse(store, settings, wanted, on_message=lambda message: sent.append(len(message.items)))
        print(
            f"rules test: {perf_counter() - began:.1f} s ({process_time() - cpu:.1f} s of CPU); {len(sent):,} messages "
            f"with {sum(sent):,} items; memory grew by {(_peak_bytes() - memory) / 1e6:.0f} MB"
        )


def _live(store: Store, settings: Settings, events: int) -> int:
    """Every profile has a new paper a day, and the last one a score; citations rise. Four events a day each."""
    draw = Random(3)
    store.follow(settings.people, START)
    pages = {watch.profile_id: _first_page(draw) for watch in store.due(START, cadence=None)}
    recorded, at = 0, START
    while recorded < events:
        run_id = store.begin_run("track", at)
        intents = [_day(draw, watch, pages[watch.profile_id], at) for watch in store.due(at, cadence=None)]
        store.apply([(intent, ()) for intent in intents], run_id=run_id, recorded_at=at)
        store.end_run(run_id, {})
        recorded += sum(len(intent.events) for intent in intents)
        at += DAY
    return recorded


def _first_page(draw: Random) -> list[PaperReading]:
    return [_paper(draw) for _ in range(LISTED)]


def _paper(draw: Random) -> PaperReading:
    return PaperReading(
        title=_title(draw),
        authors=("Ada Example", "Ben Example"),
        category=draw.choice(("LG", "CL", "CV")),
        abstract=" ".join(f"w{draw.randrange(WORDS)}" for _ in range(60)),
        arxiv_id=f"{draw.randrange(10_000):04d}.{draw.randrange(100_000):05d}",
    )


def _day(draw: Random, watch: Watch, page: list[PaperReading], at: datetime) -> CheckIntent:
    """The page of a day, which becomes ``page``."""
    page[0] = replace(page[0], score=draw.randint(300, 999) / 10)
    new, gone = _paper(draw), page.pop()
    page.insert(0, new)
    days = (at - START) // DAY
    citations = {"citations": 1_000 + 40 * days, "h_index": 10 + days}
    events = [
        _told(watch, EventKind.PAPER_NEW, at, paper=new, field=None, before=None, after=None),
        _told(watch, EventKind.PAPER_ENRICHED, at, paper=page[1], field="score", before=None, after=page[1].score),
        *(
            _told(watch, EventKind.METRIC_CHANGED, at, paper=None, field=name, before=value - 1, after=value)
            for name, value in citations.items()
        ),
    ]
    reading = ProfileReading(source=watch.source, name=watch.person, metrics=citations, papers=tuple(page))
    body = "\n".join(f"{paper.title} {paper.abstract} {paper.score}" for paper in page).encode()
    first = days == 0
    return CheckIntent(
        profile_id=watch.profile_id,
        revision=watch.revision,
        observed_at=at,
        outcome=Outcome.OK,
        page=Page(url=watch.url, status=200, headers={}, body=body),
        snapshot=Snapshot(reading=reading, keys=tuple(map(_key, page)), parser="made up/1"),
        papers=tuple(_identity(paper) for paper in (page if first else (new,))),
        listed=tuple(map(_key, page if first else (new,))),
        unlisted={} if first else {_key(gone): gone},
        metrics=citations,
        events=tuple(events),
    )


def _told(watch: Watch, kind: EventKind, at: datetime, *, paper: PaperReading | None, **changed: object) -> Event:
    return Event(
        id=event_id(watch.source, watch.key, kind, f"{_key(paper) if paper else ''}/{changed['field']}", at),
        kind=kind,
        cause=Cause.SOURCE,
        profile_id=watch.profile_id,
        observed_at=at,
        paper_key=_key(paper) if paper else None,
        paper_title=paper.title if paper else None,
        **changed,
    )


def _key(paper: PaperReading) -> str:
    return f"arxiv:{paper.arxiv_id}"


def _identity(paper: PaperReading) -> PaperIdentity:
    return PaperIdentity(key=_key(paper), aliases=frozenset({_key(paper)}), paper=paper)


if __name__ == "__main__":
    main()
