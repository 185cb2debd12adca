"""Late snapshots take their place, and snapshots are taken out: the history becomes what it would always have been.

    load the neighbourhood → fold it without and with the change → write the difference
             ↑_____________________ not settled yet? a larger one

The accepted snapshots are the ground; papers, listings, metrics and events follow from them. Everything happens in
the transaction of the caller, who holds the only write lock.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from storage import neighbourhood
from storage.events import record_events
from storage.identities import Identities
from storage.interval_rows import rewrite_listings, rewrite_metrics
from storage.neighbourhood import Loaded
from storage.paper_names import rename_papers, rewrite_aliases
from storage.profiles import after_rewrite
from storage.spans import NewPage, rewrite_spans
from storage.statements import StoredRow
from storage.superseding import correct_events, supersede_events
from tracking.alert import Verdict
from tracking.check import CheckIntent, Outcome, PaperIdentity, Watch
from tracking.chronicle import Edit, Rewrite, rewrite
from tracking.event import Cause, Event
from tracking.reading import PaperReading

Judge = Callable[[Sequence[Event]], Sequence[Verdict]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An edit of a profile's history, and what is new in it by the refs of its reads."""

    edit: Edit
    first: datetime
    last: datetime
    #: None: the events are of the usual causes and may notify.
    cause: Cause | None
    pages: Mapping[str, NewPage] = field(default_factory=dict)
    #: Snapshots that are to count again.
    rows: Mapping[str, StoredRow] = field(default_factory=dict)
    judge: Judge | None = None


def change(connection: Connection, watch: Watch, asked: Change, run_id: int, recorded_at: datetime) -> Rewrite:
    """Carry out one change of one profile's history; what it came to, under the keys that hold."""
    loaded, done = _settled(connection, watch, asked)
    done, paper_ids = _with_stored_keys(connection, watch, done, recorded_at)
    rows = {**loaded.rows, **asked.rows}
    rewrite_spans(
        connection, watch.profile_id, asked.edit, asked.pages, replace(loaded, rows=rows), done, run_id, recorded_at
    )
    rewrite_aliases(connection, watch.profile_id, done, paper_ids)
    touched = rewrite_listings(connection, watch.profile_id, done, paper_ids)
    rewrite_metrics(connection, watch.profile_id, done)
    supersede_events(connection, done.events_gone, recorded_at)
    _record_events(connection, done, asked.judge, paper_ids, run_id, recorded_at)
    first_aliases = {paper_ids[key]: text for key, text in done.first_aliases.items()}
    rename_papers(connection, watch.profile_id, touched, first_aliases)
    after_rewrite(connection, watch, done, at_end=loaded.part.later is None)
    return done


def _settled(connection: Connection, watch: Watch, asked: Change) -> tuple[Loaded, Rewrite]:
    following = 1
    while True:
        loaded = neighbourhood.load(connection, watch, asked.first, asked.last, following)
        done = rewrite(loaded.part, asked.edit, asked.cause)
        if done is not None:
            return loaded, done
        following *= 4


def _with_stored_keys(
    connection: Connection, watch: Watch, done: Rewrite, recorded_at: datetime
) -> tuple[Rewrite, dict[str, int]]:
    """The rewrite under the keys that hold across all profiles; the id of every paper that it names, by key."""
    gathered: dict[str, set[str]] = {}
    since: dict[str, datetime] = {}
    for text, key, at in done.aliases_added:
        gathered.setdefault(key, {key}).add(text)
        since[key] = min(at, since.get(key, at))
    # Of each paper that is met in it, an identity; papers that the profile knows keep theirs.
    intents = [
        CheckIntent(
            profile_id=watch.profile_id,
            revision=watch.revision,
            observed_at=since[key],
            outcome=Outcome.OK,
            papers=(PaperIdentity(key=key, aliases=frozenset(texts), paper=PaperReading(title="")),),
        )
        for key, texts in gathered.items()
    ]
    named = CheckIntent(
        profile_id=watch.profile_id,
        revision=watch.revision,
        observed_at=recorded_at,
        outcome=Outcome.OK,
        missed=tuple(sorted(_named(done) - gathered.keys())),
    )
    identities = Identities.load(connection, [*intents, named])
    moved = {}
    for key, intent in zip(gathered, intents, strict=True):
        (identity,) = identities.settle(intent).papers
        if identity.key != key:
            moved[key] = identity.key
    paper_ids = identities.write()
    return (_rekeyed(done, moved) if moved else done), paper_ids


def _named(done: Rewrite) -> set[str]:
    """Every paper of which something is to be written."""
    keys = {key for key, _, _ in done.marks_gone} | {key for (key, _, _), _ in done.marks_added}
    keys |= {key for _, key, _ in done.aliases_added} | set(done.first_aliases)
    keys |= {event.paper_key for event in (*done.events_added, *done.events_changed) if event.paper_key is not None}
    return keys


def _rekeyed(done: Rewrite, moved: Mapping[str, str]) -> Rewrite:
    def hold(key: str) -> str:
        return moved.get(key, key)

    def event(one: Event) -> Event:
        return replace(one, paper_key=hold(one.paper_key)) if one.paper_key is not None else one

    return replace(
        done,
        spans_changed=tuple(replace(span, keys=tuple(map(hold, span.keys))) for span in done.spans_changed),
        spans_added=tuple(replace(span, keys=tuple(map(hold, span.keys))) for span in done.spans_added),
        marks_added=tuple(((hold(key), at, mark), paper) for (key, at, mark), paper in done.marks_added),
        aliases_added=tuple((text, hold(key), at) for text, key, at in done.aliases_added),
        events_added=tuple(map(event, done.events_added)),
        events_changed=tuple(map(event, done.events_changed)),
        first_aliases={hold(key): text for key, text in done.first_aliases.items()},
    )


def _record_events(
    connection: Connection,
    done: Rewrite,
    judge: Judge | None,
    paper_ids: Mapping[str, int],
    run_id: int,
    recorded_at: datetime,
) -> None:
    verdicts: Iterable[Verdict] = judge(done.events_added) if judge is not None else ()
    record_events(connection, done.events_added, verdicts, paper_ids, run_id, recorded_at)
    correct_events(connection, done.events_changed, paper_ids)
