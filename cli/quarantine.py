"""``quarantine``: pages that changed so much that somebody must look before anything is told."""

from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import AsJson, Config, Database, Now, clock
from cli.output import counted, minute, print_json, say
from cli.reading import open_store

if TYPE_CHECKING:
    from tracking.view import QuarantineView

quarantine = typer.Typer(help="Pages that changed too much at once to be believed.", no_args_is_help=True)

Person = Annotated[str, typer.Argument(metavar="PERSON", help="A name or a part of it, a profile's URL or key.")]


@quarantine.command("list")
def list_(config: Config = None, database: Database = None, as_json: AsJson = False) -> None:
    """List the profiles that have a page held back, and why, and those of which papers were rejected."""
    from cli.table import print_table
    from flows.as_json.views import quarantine_json

    with open_store(config, database) as store:
        found = store.quarantine()
    if as_json:
        for view in found:
            print_json(quarantine_json(view))
        return
    held = [view for view in found if view.detail]
    if held:
        print_table(
            ("person", "last check", "profile", "answer", "why"),
            ((view.person, minute(view.checked_at), view.profile, _answer(view), view.detail) for view in held),
        )
    else:
        say("Nothing is held back.")
    for view in found:
        if view.rejected:
            say(f"{view.person}: {counted(view.rejected, 'paper')} of {view.profile} rejected, and left out.")
    if any(view.held_at is not None for view in held):
        say("\nTo see what is on somebody's page: scholarwatch quarantine show PERSON")
        say("To take somebody's next page as it is: scholarwatch quarantine accept PERSON")
        say("To leave out for good what is new on it: scholarwatch quarantine reject PERSON")


def _answer(view: "QuarantineView") -> str:
    """What the owner has said of the page that is held back."""
    if view.accepted:
        return "accepted"
    return "none yet" if view.held_at is not None else "rejected"


@quarantine.command("show")
def show(
    person: Person,
    config: Config = None,
    database: Database = None,
    everything: Annotated[bool, typer.Option("--all", help="All papers, not only the first ten of each kind.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what is new, gone and renamed on a page that is held back, against what is known.

    Exit code 1: nothing of this person is held back.
    """
    from cli.held_text import say_held
    from flows.as_json.held import held_json
    from flows.quarantine import look_at

    with open_store(config, database) as store:
        found = [(held, look_at(store, held)) for held in store.held_pages(person)]
    for held, changes in found:
        if as_json:
            print_json(held_json(held, changes))
        else:
            say_held(held, changes, everything=everything)
    if not found:
        _say_none(person, as_json=as_json)


@quarantine.command("accept")
def accept(person: Person, config: Config = None, database: Database = None, as_json: AsJson = False) -> None:
    """Take the person's next page as it is: what is new on it is told with the next run.

    Where no page is held back, what was rejected last is taken back, and comes with the next run as well. Exit code 1:
    nothing of this person is held back or rejected.
    """
    with open_store(config, database) as store:
        accepted = store.accept_next(person)
    if as_json:
        print_json({"person": person, "accepted": accepted})
    if not accepted:
        _say_none(person, as_json=as_json)
    say(f"The next run takes {counted(accepted, 'page')} of “{person}” as it is.", as_json=as_json)


@quarantine.command("reject")
def reject(
    person: Person, config: Config = None, database: Database = None, now: Now = None, as_json: AsJson = False
) -> None:
    """Say that a page is wrong: the papers that are new on it are left out from now on, as if never seen.

    They are not of this person, on whatever page they come; what else is new there is told. quarantine accept takes
    that back. Exit code 1: nothing of this person is held back.
    """
    from cli.held_text import say_refusal
    from flows import quarantine as held_back
    from flows.as_json.held import refusal_json

    at = clock(now)
    with open_store(config, database) as store:
        rejected = [(held, held_back.reject(store, held, at)) for held in store.held_pages(person)]
    for held, refusal in rejected:
        if as_json:
            print_json(refusal_json(held, refusal))
        else:
            say_refusal(held, refusal)
    if not rejected:
        _say_none(person, as_json=as_json)


def _say_none(person: str, *, as_json: bool) -> None:
    say(f"Nothing of “{person}” is held back.", as_json=as_json)
    raise typer.Exit(1)
