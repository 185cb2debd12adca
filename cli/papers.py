"""``papers``: versions of one work, linked and split; and how long one source is behind another."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import AsJson, Config, Database, Now, clock
from cli.output import minute, print_json, say
from cli.reading import open_store

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.store import Store

papers = typer.Typer(help="Papers that several sources show, and versions of one work.", no_args_is_help=True)

Person = Annotated[
    str | None, typer.Argument(metavar="PERSON", help="Of this person only: a name or a part of it, a URL or a key.")
]
Key = Annotated[str, typer.Argument(metavar="KEY", help="The key of a paper, see papers links and show PERSON --json.")]


@papers.command("links")
def links(person: Person = None, config: Config = None, database: Database = None, as_json: AsJson = False) -> None:
    """List papers that are linked as versions of one work, such as preprint and published version, and why."""
    from flows.as_json.views import link_json

    with open_store(config, database) as store:
        found = store.links(person)
    for link in found:
        if as_json:
            print_json(link_json(link))
            continue
        by = f"run {link.run_id}" if link.run_id is not None else "hand"
        state = "" if link.severed_at is None else f"; split {minute(link.severed_at)}"
        say(f"{link.key}  {link.other_key}")
        say(f"  by {by}, {minute(link.since)}{state}: {link.evidence}")
    if not found:
        say("No papers are linked.", as_json=as_json)


@papers.command("join")
def join(
    key: Key,
    other_key: Key,
    config: Config = None,
    database: Database = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """Link two papers as versions of one work: whoever heard of the one does not hear of the other.

    Nothing that is recorded changes, and papers split takes it back.
    """
    from storage.store import Store

    done = _changed(Store.join, key, other_key, config, database, clock(now))
    say("They are linked now." if done else "They were linked before.", as_json=as_json)
    if as_json:
        print_json({"key": key, "other_key": other_key, "linked": True, "changed": done})


@papers.command("split")
def split(
    key: Key,
    other_key: Key,
    config: Config = None,
    database: Database = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """Sever the link of two papers for good: no evidence links them again, only papers join does."""
    from storage.store import Store

    done = _changed(Store.split, key, other_key, config, database, clock(now))
    say("They are not linked any more." if done else "They were split before.", as_json=as_json)
    if as_json:
        print_json({"key": key, "other_key": other_key, "linked": False, "changed": done})


def _changed(
    change: "Callable[[Store, str, str, datetime], bool]",
    key: str,
    other_key: str,
    config: Config,
    database: Database,
    now: datetime,
) -> bool:
    from storage.errors import UnknownPaper

    with open_store(config, database) as store:
        try:
            return change(store, key, other_key, now)
        except UnknownPaper as error:
            raise typer.BadParameter(str(error), param_hint="'KEY'") from None


@papers.command("lag")
def lag(person: Person = None, config: Config = None, database: Database = None, as_json: AsJson = False) -> None:
    """Say how many days after the first source the others show the same papers, in the median.

    What a source showed when it was first asked does not count: nobody knows since when it did.
    """
    from cli.views_text import lag_line
    from flows.as_json.views import lag_json
    from tracking.works import lags

    with open_store(config, database) as store:
        linked = [(link.key, link.other_key) for link in store.links(person) if link.severed_at is None]
        found = lags(store.showings(person), linked)
    for one in found:
        if as_json:
            print_json(lag_json(one))
        else:
            say(lag_line(one))
    if not found:
        say("No paper has come up at one source after another yet.", as_json=as_json)
