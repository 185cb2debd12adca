"""``people``, ``show``, ``events`` and ``status``: what the store knows. They read, and change nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import views_text
from cli.options import AsJson, At, Config, Database, Now, clock, end_of_moment, moment
from cli.output import counted, minute, print_json, say, spaced
from flows.as_json import views

if TYPE_CHECKING:
    from storage.store import Store
    from tracking.event import EventKind
    from tracking.view import ProfileView


@contextmanager
def open_store(config: Path | None, database: str | None) -> "Iterator[Store]":
    """The store as it is; none is created."""
    from flows.settings import database_of
    from storage.store import Store

    with Store.open_existing(database_of(config, database=database)) as store:
        yield store


def people(
    config: Config = None,
    database: Database = None,
    everybody: Annotated[bool, typer.Option("--all", help="Also who is not followed any more.")] = False,
    as_json: AsJson = False,
) -> None:
    """List who is followed, and how their last checks ended."""
    from cli.table import print_table

    with open_store(config, database) as store:
        followed = store.people(include_retired=everybody)
    if as_json:
        for person in followed:
            print_json(views.person_json(person))
        return
    if not followed:
        say("Nobody is followed; who is, is listed from the next run on.")
        say("Next: scholarwatch follow URL, then scholarwatch run")
        return
    print_table(
        ("person", "tags", "last check", "outcome", "profile"),
        (
            (person.name, ", ".join(person.tags), minute(profile.checked_at), _standing(profile), profile.url)
            for person in followed
            for profile in person.profiles
        ),
    )


def _standing(profile: "ProfileView") -> str:
    if not profile.active:
        return "not followed"
    outcome = spaced(profile.outcome) if profile.outcome else ""
    return f"{outcome} ({counted(profile.rejected, 'paper')} rejected)" if profile.rejected else outcome


def show(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="A name or a part of it, a profile's URL or key.")],
    at: At = None,
    config: Config = None,
    database: Database = None,
    everything: Annotated[bool, typer.Option("--all", help="All papers, not only the ten published last.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show one person's metrics and papers, now or at a date."""
    from tracking.crosscheck import crosschecked

    with open_store(config, database) as store:
        state = crosschecked(store.person(person, at))
    if as_json:
        print_json(views.person_state_json(state, at))
        return
    views_text.say_person(state, at, everything=everything)


def events(
    since: Annotated[
        datetime | None, typer.Option(parser=moment, metavar="TIME", help="Observed at this time or later.")
    ] = None,
    person: Annotated[str | None, typer.Option(metavar="PERSON", help="Of this person only.")] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(metavar="KIND", help="Of this kind only, such as paper.new; may be given more than once."),
    ] = None,
    at: Annotated[
        datetime | None,
        typer.Option(parser=end_of_moment, metavar="TIME", help="Observed by this time (a date: by its end)."),
    ] = None,
    known_at: Annotated[
        datetime | None,
        typer.Option(
            "--known-at",
            parser=end_of_moment,
            metavar="TIME",
            help="On record at this time: without what was filled in since, and with what was taken back since.",
        ),
    ] = None,
    unacknowledged: Annotated[
        bool,
        typer.Option(
            "--unacknowledged",
            help="Only what nobody has acknowledged (see ack); without --kind, of what asks somebody to look.",
        ),
    ] = False,
    config: Config = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """List what changed, by the time it was observed."""
    from tracking.event import TO_BE_LOOKED_AT
    from tracking.event_json import event_json

    kinds = [event_kind(word) for word in kind or ()] or (list(TO_BE_LOOKED_AT) if unacknowledged else [])
    found = False
    with open_store(config, database) as store:
        for event in store.events(
            since=since, until=at, known_at=known_at, person=person, kinds=kinds, unacknowledged=unacknowledged
        ):
            found = True
            if as_json:
                print_json(event_json(event))
            else:
                say(views_text.event_line(event))
    if not found:
        chosen = since or at or known_at or person or kinds
        say("Nothing of this kind was recorded." if chosen else "Nothing yet.", as_json=as_json)


def event_kind(word: str) -> "EventKind":
    """The kind of that name; another is refused, with one that comes near."""
    from alerts.setting import suggestion
    from tracking.event import EventKind

    try:
        return EventKind(word)
    except ValueError:
        raise typer.BadParameter(
            f"there are no events of kind {word!r}; {suggestion(word, list(EventKind))}", param_hint="'--kind'"
        ) from None


def status(config: Config = None, database: Database = None, now: Now = None, as_json: AsJson = False) -> None:
    """Say how things stand, and what was asked today of each host.

    Exit code 1: something needs to be looked at, and each such line begins with an exclamation mark.
    """
    from cli.ledger import say_ledger
    from flows.configured import configured
    from flows.settings import database_somehow
    from flows.standing import standing
    from storage.store import Store

    at = clock(now)
    # How things stand has to be seen also where the configuration is broken.
    looked = configured(config, database=database)
    with Store.open_existing(database_somehow(config, database=database)) as store:
        found = standing(store, looked.patience, at, broken=looked.broken)
    if as_json:
        print_json(found.to_json())
    else:
        views_text.say_status(found.view, found.last_good)
        say_ledger(found.hosts, at)
        for trouble in found.troubles:
            say(f"! {trouble}")
    if not found.health.is_well:
        raise typer.Exit(1)
