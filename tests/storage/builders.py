"""Followed people, pages and decisions, made by hand: what `decide` would say is not the matter here."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from storage.store import Store
from tracking.alert import Verdict, VerdictKind
from tracking.check import CheckIntent, Outcome, Page, PaperIdentity, Snapshot, Watch
from tracking.event import Cause, Event, EventKind, event_id
from tracking.reading import PaperReading, ProfileReading
from tracking.view import FollowedPerson, FollowedProfile

START = datetime(2026, 3, 1, 8, tzinfo=UTC)


def day(number: float) -> datetime:
    """Day 0 is the first."""
    return START + timedelta(days=number)


def followed(name: str | None, *keys: str, tags: tuple[str, ...] = (), host: str = "example.org") -> FollowedPerson:
    profiles = tuple(FollowedProfile(source="scholarfeed", key=key, url=f"https://{host}/author/{key}") for key in keys)
    return FollowedPerson(name=name, profiles=profiles, tags=tags)


def watch(store: Store, key: str = "1") -> Watch:
    """The profile as the next check finds it, due or not."""
    (found,) = (each for each in store.due(day(10_000), cadence=None) if each.key == key)
    return found


def paper(key: str, *aliases: str, **fields: Any) -> PaperIdentity:
    """A paper whose title is its key, unless told otherwise."""
    reading = PaperReading(**({"title": f"On {key}", "authors": ("Mary Shaw",)} | fields))
    return PaperIdentity(key=key, aliases=frozenset({key, *aliases}), paper=reading)


def page(body: str, **headers: str) -> Page:
    return Page(
        url="https://example.org/author/1",
        status=200,
        headers={"content-type": "text/html; charset=utf-8"} | headers,
        body=body.encode(),
    )


def accepted(
    of: Watch,
    at: datetime,
    shown: Sequence[PaperIdentity],
    *,
    new: Sequence[PaperIdentity] | None = None,
    name: str = "Ada Lovelace",
    metrics: Mapping[str, int | float | None] | None = None,
    complete: bool = True,
    answer: Page | None = None,
    **written: Any,
) -> CheckIntent:
    """A check that brings a snapshot; ``new`` are the papers listed with it, by default all that are shown."""
    new = shown if new is None else new
    reading = ProfileReading(
        source=of.source,
        name=name,
        metrics=dict(metrics or {}),
        papers=tuple(identity.paper for identity in shown),
        complete=complete,
    )
    titles = "\n".join(identity.paper.title for identity in shown)
    return CheckIntent(
        profile_id=of.profile_id,
        revision=of.revision,
        observed_at=at,
        outcome=Outcome.OK,
        status=200,
        page=answer or page(f"{name} {metrics} {titles} {at}"),
        snapshot=Snapshot(reading=reading, keys=tuple(identity.key for identity in shown), parser="scholarfeed/1"),
        papers=tuple(new),
        listed=tuple(identity.key for identity in new),
        metrics=dict(metrics or {}),
        **written,
    )


def ended(of: Watch, at: datetime, outcome: Outcome, **written: Any) -> CheckIntent:
    """A check that brings no snapshot."""
    return CheckIntent(profile_id=of.profile_id, revision=of.revision, observed_at=at, outcome=outcome, **written)


def event(of: Watch, kind: EventKind, at: datetime, *, key: str | None = None, **fields: Any) -> Event:
    """An event; about a paper it tells the title that `paper` gives to the key."""
    return Event(
        id=event_id(of.source, of.key, kind, key or str(fields.get("field")), at),
        kind=kind,
        cause=Cause.SOURCE,
        profile_id=of.profile_id,
        observed_at=at,
        paper_key=key,
        paper_title=f"On {key}" if key else None,
        **fields,
    )


def verdict(about: Event, receiver: str = "me", kind: VerdictKind = VerdictKind.SENT, **fields: Any) -> Verdict:
    item = {"kind": about.kind, "paper_key": about.paper_key}
    return Verdict(
        event_id=about.id, receiver=receiver, kind=kind, rules=("new papers",), why="it is new", item=item, **fields
    )


def apply(store: Store, *intents: CheckIntent, verdicts: Sequence[Verdict] = ()) -> list[bool]:
    """Write intents in a run of their own. Every verdict goes with the first intent that has its event."""
    recorded_at = max(intent.observed_at for intent in intents)
    run_id = store.begin_run("track", recorded_at)
    decisions = [
        (intent, [one for one in verdicts if one.event_id in {e.id for e in intent.events}]) for intent in intents
    ]
    written = store.apply(decisions, run_id=run_id, recorded_at=recorded_at)
    store.end_run(run_id, {"checks": len(intents)})
    return written
