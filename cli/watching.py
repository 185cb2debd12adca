"""``watch``: whether the program is at work, told to those who want to hear of it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from cli.keeping import size
from cli.options import AsJson, Config, Database, Now, clock
from cli.output import counted, minute, people_stream, print_json, say
from cli.running import exit_by_state, say_delivered


def watch(config: Config = None, database: Database = None, now: Now = None, as_json: AsJson = False) -> None:
    """Look whether the program is at work, and tell where it is not.

    Whether there is a good run often enough, and whether everybody's page is read. To be started by a timer of its own,
    every hour, say. It checks no page, and delivers what waits. What is wrong is told once, and again each week while
    it lasts, until somebody acknowledges it. Once a day it lets go of old raw pages, where the
    configuration asks for it.

    Exit code 1: something is wrong that nobody has acknowledged, or a message could not be delivered.
    """
    from flows.run import run_deliver, run_watch
    from flows.yesterday import load_or_yesterday

    settings = load_or_yesterday(config, database=database, stream=people_stream(as_json=as_json))
    at = clock(now)
    watched = run_watch(settings, at, database=database)
    for line in watched_lines(watched):
        say(line, as_json=as_json)
    delivered = run_deliver(settings, at, database=database)
    say_delivered(delivered, as_json=as_json)
    if as_json:
        print_json({"watch": watched, "deliver": delivered})
    exit_by_state(watched, delivered)


def watched_lines(watched: Mapping[str, Any]) -> Iterator[str]:
    """What there is to say of the program itself."""
    last = watched["last_good_run"]
    yield f"Last good run: {minute(datetime.fromisoformat(last) if last else None)}."
    for failure in watched["failures"]:
        yield f"! {failure['detail']}{' (acknowledged)' if failure['acknowledged'] else ''}"
    unlisted = watched["failed"] - len(watched["failures"])
    if unlisted > 0:
        yield f"  and {unlisted:,} more"
    if watched["explained"]:
        yield f"{counted(watched['explained'], 'profile')} not read for what was told before."
    if not watched["failures"]:
        yield "Everything is at work."
    if kept := watched.get("keep"):
        pages, freed = kept["pages"], max(0, kept["freed_bytes"])
        yield (
            f"Let go of {counted(pages, 'old page')}: {size(freed)} less in the archive."
            if pages
            else "No page is too old."
        )
