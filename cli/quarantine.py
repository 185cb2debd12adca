"""``quarantine``: pages that changed so much that somebody must look before anything is told."""

from typing import Annotated

import typer

from cli.options import AsJson, Config, Database
from cli.output import counted, minute, print_json, say

quarantine = typer.Typer(help="Pages that changed too much at once to be believed.", no_args_is_help=True)


@quarantine.command("list")
def list_(config: Config = None, database: Database = None, as_json: AsJson = False) -> None:
    """List the profiles whose last page is held back, and why."""
    from cli.reading import open_store
    from cli.table import print_table
    from tracking.check import Outcome

    with open_store(config, database) as store:
        held = [
            (person, profile)
            for person in store.people()
            for profile in person.profiles
            if profile.outcome is Outcome.QUARANTINED
        ]
    if as_json:
        for person, profile in held:
            print_json({"person": person.name, "profile": profile.url, "detail": profile.detail})
        return
    if not held:
        say("Nothing is held back.")
        return
    print_table(
        ("person", "last check", "profile", "why"),
        ((person.name, minute(profile.checked_at), profile.url, profile.detail) for person, profile in held),
    )
    say("\nTo take somebody's next page as it is: scholarwatch quarantine accept PERSON")


@quarantine.command("accept")
def accept(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Whose page is all right.")],
    config: Config = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Take the person's next page as it is: what is new on it is told with the next run.

    Exit code 1: nothing of this person is held back.
    """
    from cli.reading import open_store

    with open_store(config, database) as store:
        accepted = store.accept_next(person)
    if as_json:
        print_json({"person": person, "accepted": accepted})
    if not accepted:
        say(f"Nothing of “{person}” is held back.", as_json=as_json)
        raise typer.Exit(1)
    say(f"The next run takes {counted(accepted, 'page')} of “{person}” as it is.", as_json=as_json)
