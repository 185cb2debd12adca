"""A store that holds made-up pages, read by the real parser or by one that had its own opinion."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from scrapers.parse import parse_page
from scrapers.registry import SOURCES
from storage.store import Store
from tracking.check import CheckIntent, Outcome, Page, PaperIdentity, Parsed, Snapshot
from tracking.identity import identify
from tracking.reading import ProfileReading
from tracking.view import FollowedPerson, FollowedProfile
from world.markup import Style, render_page
from world.papers import Paper, paper
from world.profile import Profile

FIRST_DAY = datetime(2026, 11, 22, 9, tzinfo=UTC)
DAY = timedelta(days=1)
PARSER = SOURCES["scholarfeed"].parser

Opinion = Callable[[ProfileReading], ProfileReading]


def papers() -> list[Paper]:
    """Four papers with everything that a page can show, the last with a byline that is cut."""
    lab = tuple(f"{name} Example" for name in ("Ada", "Ben", "Cleo", "Dora", "Emil", "Finn", "Gail", "Hugo"))
    return [
        paper("A New Thing", published=date(2026, 11, 20), arxiv_id="2611.00004", score=98.1, has_code=True),
        paper("An Older Thing", published=date(2024, 3, 5), arxiv_id="2403.00001", institutions=("mila",)),
        paper("Sheaves on a Torus, Part I", published=date(2026, 7, 14), arxiv_id="2607.00002"),
        paper("Sheaves on a Torus, Part II", published=date(2026, 7, 15), arxiv_id="2607.00003", authors=lab),
    ]


def page(name: str, on: date, citations: int | None = 1204, listed: Sequence[Paper] | None = None) -> Page:
    """The page of a researcher with these papers, by default those of `papers`."""
    shown = tuple(papers() if listed is None else listed)
    metrics = {"papers": len(shown), "h_index": 2, "citations": citations, "novelty": 0.55}
    profile = Profile(key="1", name=name, field="LG", metrics=metrics, papers=shown, authors_shown=5)
    body = render_page(profile, on, Style()).encode()
    return Page(url="http://127.0.0.1/author/1", status=200, headers={"content-type": "text/html"}, body=body)


def follow(store: Store, *names: str) -> None:
    """Follow people with one profile each, whose keys are 1, 2, …"""
    people = [
        FollowedPerson(
            name=name,
            profiles=(FollowedProfile(source="scholarfeed", key=str(number), url=f"http://127.0.0.1/author/{number}"),),
        )
        for number, name in enumerate(names, 1)
    ]
    store.follow(people, FIRST_DAY)


def a_day(
    store: Store,
    now: datetime,
    opinion: Opinion = lambda reading: reading,
    parser: str = PARSER,
    body: bytes | None = None,
) -> None:
    """Record the page of everybody who is followed; the citations rise by one a day.

    ``opinion`` makes of each reading what ``parser`` is to have read; ``body`` is stored as if that stood in it.
    """
    run_id = store.begin_run("track", now)
    decisions = []
    for watch in store.due(now, cadence=None):
        shown = page(watch.person, now.date(), 1204 + (now - FIRST_DAY) // DAY)
        reading = opinion(read(shown, now.date()))
        identified = identify(watch.source, reading.papers, {})
        is_first = watch.checked_at is None
        decisions.append(
            CheckIntent(
                profile_id=watch.profile_id,
                revision=watch.revision,
                observed_at=now,
                outcome=Outcome.OK,
                page=shown if body is None else replace(shown, body=body),
                snapshot=Snapshot(reading=reading, keys=identified.keys, parser=parser),
                papers=tuple(
                    PaperIdentity(key=key, aliases=identified.aliases[key], paper=each)
                    for key, each in zip(identified.keys, reading.papers, strict=True)
                )
                if is_first
                else (),
                listed=tuple(dict.fromkeys(identified.keys)) if is_first else (),
                metrics=reading.metrics,
            )
        )
    store.apply([(intent, ()) for intent in decisions], run_id=run_id, recorded_at=now)
    store.end_run(run_id, {})


def read(shown: Page, on: date) -> ProfileReading:
    """What the real parser says."""
    answer = parse_page("scholarfeed", shown, on)
    assert isinstance(answer, Parsed)
    return answer.reading
