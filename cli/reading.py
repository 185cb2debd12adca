"""``people``, ``show``, ``events`` and ``status``: what the store knows. They read, and change nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import views_json, views_text
from cli.options import AsJson, At, Config, Database, Now, clock, moment
from cli.output import iso, minute, print_json, print_table, say

if TYPE_CHECKING:
    from storage.store import Store


@contextmanager
def open_store(config: Path | None, database: str | None) -> "Iterator[Store]":
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
    """List who is followed."""
    with open_store(config, database) as store:
        followed = store.people(include_retired=everybody)
    if as_json:
        for person in followed:
            print_json(views_json.person_json(person))
        return
    if not followed:
        say("Nobody is followed yet. Next: scholarwatch follow URL, then scholarwatch run")
        return
    print_table(
        ("person", "tags", "profile", "last check", "outcome", "since"),
        (
            (
                person.name,
                ", ".join(person.tags),
                profile.url,
                minute(profile.checked_at),
                profile.outcome,
                profile.observed_at,
            )
            for person in followed
            for profile in person.profiles
        ),
    )


def show(
    person: Annotated[str, typer.Argument(help="A name or a part of it, a profile's URL or key.")],
    at: At = None,
    config: Config = None,
    database: Database = None,
    everything: Annotated[bool, typer.Option("--all", help="All papers, not only the ten published last.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show one person: metrics and papers, now or at an earlier date."""
    with open_store(config, database) as store:
        state = store.person(person, at)
    if as_json:
        print_json(
            views_json.person_json(state.person)
            | {"at": iso(at), "profiles": [views_json.profile_state_json(profile) for profile in state.profiles]}
        )
        return
    tags = ", ".join(state.person.tags)
    say(f"{state.person.name} ({tags})" if tags else state.person.name)
    for profile in state.profiles:
        views_text.say_profile(profile, everything=everything)


def events(
    since: Annotated[
        datetime | None, typer.Option(parser=moment, metavar="TIME", help="Observed at this time or later.")
    ] = None,
    person: Annotated[str | None, typer.Option(help="Of this person only.")] = None,
    kind: Annotated[list[str] | None, typer.Option(help="Of this kind only; may be given more than once.")] = None,
    config: Config = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """List what changed, by the time it was observed."""
    from tracking.event import EventKind

    try:
        kinds = [EventKind(word) for word in kind or ()]
    except ValueError as error:
        known = ", ".join(EventKind)
        raise typer.BadParameter(f"{error}; there are: {known}", param_hint="--kind") from None
    with open_store(config, database) as store:
        found = store.events(since=since, person=person, kinds=kinds)
        if as_json:
            for event in found:
                print_json(views_json.event_json(event))
            return
        for event in found:
            say(views_text.event_line(event))


def status(config: Config = None, database: Database = None, now: Now = None, as_json: AsJson = False) -> None:
    """Say how things stand. Exit code 1 when something needs to be looked at."""
    with open_store(config, database) as store:
        view = store.status()
    troubles = list(views_text.troubles(view, clock(now)))
    if as_json:
        print_json(views_json.status_json(view) | {"troubles": troubles})
    else:
        views_text.say_status(view)
        for trouble in troubles:
            say(f"! {trouble}")
    if troubles:
        raise typer.Exit(1)
