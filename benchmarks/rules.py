"""How long it takes to judge many events against many rules, in memory.

    python -m benchmarks.rules [--events 100000] [--rules 200] [--profile]

The events are a year of made-up profiles: new papers, facts that appear, metrics that move. The rules ask for
categories, patterns, co-authors, scores, thresholds within a week, cooldowns, and conditions within conditions; a
receiver hears of some. Beside the time there is its ratio to a bare loop, which only asks of each event and each rule
whether the rule is on events of the kind: the machine is in both.
"""

import argparse
import cProfile
import random
import resource
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from time import process_time
from typing import Any
from zoneinfo import ZoneInfo

from alerts.judge import judge
from alerts.matching import RuleSet
from alerts.rules import Rule, parse_rules
from alerts.schedule import Schedule
from alerts.subject import Subject
from tracking.event import Cause, Event, EventKind
from tracking.memory import Memory, Spells
from tracking.reading import PaperReading, Published

PROFILES = 1000
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
CATEGORIES = ("LG", "CL", "CV", "RO", "NE", "IR", "AI", "DB")
WORDS = ("reward", "verifier", "graph", "agents", "sparse", "policy", "quantum", "glacier", "market", "protein", "bees")
METRICS = ("citations", "h_index", "papers", "ai_score", "citations_since_2021")


@dataclass(frozen=True, slots=True)
class Inbox:
    name: str
    schedule: Schedule


ME = Inbox("me", Schedule(timezone=ZoneInfo("UTC")))


@dataclass(frozen=True, slots=True)
class Check:
    """What one check of a profile found, and the profile's past."""

    subject: Subject
    events: tuple[Event, ...]
    memory: Memory


def main() -> None:
    options = _options()
    rules = parse_rules([_rule(number) for number in range(options.rules)])
    checks = list(_checks(options.events, random.Random(1)))
    bare = _measured(lambda: _bare(checks, rules))
    ruleset = RuleSet(rules)
    verdicts: Counter[str] = Counter()
    before = _peak_mb()

    def judge_all() -> None:
        for check in checks:
            found = judge(check.events, check.subject, ruleset, [ME], NOW, memory=check.memory)
            verdicts.update(str(verdict.kind) for verdict in found)

    if options.profile:
        cProfile.runctx("judge_all()", {}, {"judge_all": judge_all}, sort="cumulative")
        return
    judged = _measured(judge_all)
    events = sum(len(check.events) for check in checks)
    print(f"{events:,} events of {PROFILES:,} profiles, {len(rules)} rules")
    print(f"judged in {judged:.1f} s of CPU, {1e6 * judged / events:.0f} µs for an event")
    print(f"a bare loop: {bare:.2f} s; ratio {judged / bare:.1f}")
    print(f"memory that judging added at its peak: {_peak_mb() - before:.0f} MB")
    print("verdicts:", ", ".join(f"{count:,} {kind}" for kind, count in verdicts.most_common()))


def _bare(checks: Sequence[Check], rules: Sequence[Rule]) -> int:
    return sum(event.kind in rule.on for check in checks for event in check.events for rule in rules)


def _measured(work: Callable[[], object]) -> float:
    began = process_time()
    work()
    return process_time() - began


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# ---- rules


def _rule(number: int) -> dict[str, Any]:
    """Ten kinds of rules, in turns, each with something of its own."""
    category, word = CATEGORIES[number % len(CATEGORIES)], WORDS[number % len(WORDS)]
    metric, least = METRICS[number % len(METRICS)], 90 + number % 90
    rules: tuple[dict[str, Any], ...] = (
        {"on": "paper.new", "where": {"category": category, "title": f"{word} {WORDS[number % 7]}|topic {number}"}},
        {"on": "paper.new", "where": {"coauthor": f"Author {number}"}},
        {"on": ["paper.new", "paper.enriched"], "where": {"score": ">= 98", "category": [category, "LG"]}},
        {"on": "paper.new", "where": {"has_code": True, "title": rf"\btopic {number}\b"}, "wait": "30d"},
        {"on": "paper.new", "where": {"any": [{"abstract": rf"topic\s+{number}"}, {"coauthor": f"A. Person{number}"}]}},
        {"on": "metric.changed", "where": {"metric": metric, "delta": f">= {least}"}},
        {"on": "metric.changed", "where": {"metric": metric, "delta": f">= {least}", "within": "7d"}},
        {"on": "metric.changed", "where": {"metric": metric, "delta": f">= {least}%"}, "cooldown": "24h"},
        {"on": "metric.changed", "where": {"tag": f"tag {number}", "not": {"metric": metric}, "delta": ">= 20"}},
        {"on": "paper.enriched", "where": {"person": f"Person {number}", "institution": "deepmind"}},
    )
    return {"name": f"rule {number}"} | rules[number % len(rules)]


# ---- events


def _checks(events: int, chance: random.Random) -> Iterator[Check]:
    made = 0
    while made < events:
        profile = chance.randrange(PROFILES)
        at = NOW - timedelta(days=chance.randrange(365))
        found = tuple(_event(made + number, profile, at, chance) for number in range(min(5, events - made)))
        made += len(found)
        yield Check(
            subject=Subject(
                person=f"Person {profile}",
                tags=(f"tag {profile % 40}", "followed"),
                source="scholarfeed",
                profile_url=f"https://www.scholarfeed.org/author/{profile}",
            ),
            events=found,
            memory=_memory(found, at),
        )


def _event(number: int, profile: int, at: datetime, chance: random.Random) -> Event:
    bare = Event(id=f"{number:016x}", kind=EventKind.PAPER_NEW, cause=Cause.SOURCE, profile_id=profile, observed_at=at)
    if number % 2:
        before = chance.randrange(10, 20_000)
        return replace(
            bare,
            kind=EventKind.METRIC_CHANGED,
            field=chance.choice(METRICS),
            before=before,
            after=before + chance.choice([1, 2, 3, 10, 40, 100]),
            since=at - timedelta(days=2),
        )
    paper = _paper(number, at, chance)
    bare = replace(bare, paper_key=f"arxiv:{number}", paper_title=paper.title, paper=paper)
    if number % 3:
        return bare
    return replace(
        bare, kind=EventKind.PAPER_ENRICHED, cause=Cause.ENRICHMENT, field="score", before=None, after=paper.score
    )


def _paper(number: int, at: datetime, chance: random.Random) -> PaperReading:
    return PaperReading(
        title=" ".join(chance.choices(WORDS, k=6)) + f" {number}",
        authors=tuple(f"Author {chance.randrange(2000)}" for _ in range(6)),
        category=chance.choice(CATEGORIES),
        published=Published(at.year, at.month, at.day),
        has_code=chance.choice([True, False, None]),
        score=round(chance.uniform(0, 100), 1),
        abstract=" ".join(chance.choices(WORDS, k=150)),
        institutions=("Google DeepMind",) if number % 5 else (),
    )


def _memory(events: Sequence[Event], at: datetime) -> Memory:
    """A week in which each metric of these events took four values."""
    values: dict[str, Spells] = {}
    for event in events:
        if event.field is not None and isinstance(event.before, int):
            steps = range(4)
            values[event.field] = tuple((at - timedelta(days=8 - 2 * step), event.before - 3 + step) for step in steps)
    return Memory(values=values)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--rules", type=int, default=200)
    parser.add_argument("--profile", action="store_true", help="show where the time goes")
    return parser.parse_args()


if __name__ == "__main__":
    main()
