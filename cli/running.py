"""``run``, ``deliver`` and ``notify test``: what does something out in the world."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.options import AsJson, Config, Database, Now, clock
from cli.output import as_words, people_stream, print_json, say

if TYPE_CHECKING:
    from flows.track import Progress

notify = typer.Typer(help="Try out a receiver.", no_args_is_help=True)


def run(config: Config = None, database: Database = None, now: Now = None, as_json: AsJson = False) -> None:
    """Check everybody who is followed, here and now, and deliver what is new.

    Exit code 1: a page could not be read, or a message not delivered. Nothing is lost: the next run tries again.
    """
    from flows.run import run_deliver, run_track
    from flows.settings import load

    settings = load(config, database=database, stream=people_stream(as_json=as_json))
    moment = clock(now)
    with _progress() as progress:
        tracked = run_track(settings, moment, database=database, progress=progress)
    _say_tracked(tracked, as_json=as_json)
    delivered = run_deliver(settings, moment, database=database)
    _say_delivered(delivered, as_json=as_json)
    if as_json:
        print_json({"track": tracked, "deliver": delivered})
    _exit_by_state(tracked, delivered)


def deliver(config: Config = None, database: Database = None, now: Now = None, as_json: AsJson = False) -> None:
    """Send what waits to be delivered, without checking any page."""
    from flows.run import run_deliver
    from flows.settings import load

    settings = load(config, database=database, stream=people_stream(as_json=as_json))
    delivered = run_deliver(settings, clock(now), database=database)
    _say_delivered(delivered, as_json=as_json)
    if as_json:
        print_json(delivered)
    _exit_by_state(delivered)


@notify.command("test")
def notify_test(
    receiver: Annotated[str, typer.Argument(help="A receiver of the configuration.")],
    config: Config = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """Send one made-up item to a receiver, to see that messages arrive."""
    from alerts.delivery import DeliveryError
    from alerts.sample import sample_message
    from flows.settings import load

    settings = load(config, stream=people_stream(as_json=as_json))
    found = next((known for known in settings.receivers if known.name == receiver), None)
    if found is None:
        names = ", ".join(known.name for known in settings.receivers) or "none"
        raise typer.BadParameter(f"no receiver is called {receiver!r}; there are: {names}", param_hint="RECEIVER")
    message = sample_message(receiver, clock(now))
    error = None
    try:
        found.send(message)
    except DeliveryError as failure:
        error = str(failure)
    if as_json:
        print_json({"receiver": receiver, "message": message.id, "delivered": error is None, "error": error})
    say(f"{receiver}: {error or 'delivered.'}", as_json=as_json)
    if error:
        raise typer.Exit(1)


@contextmanager
def _progress() -> "Iterator[Progress | None]":
    """A bar on standard error while checks go on, where somebody looks at it."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Checking profiles", total=None)
        yield lambda total, done: bar.update(task, total=total, completed=done)


def _say_tracked(tracked: dict[str, Any], *, as_json: bool) -> None:
    profiles = tracked["profiles"]
    if not profiles:
        say("No profile to check: nobody is followed, or all were checked at this time.", as_json=as_json)
        return
    seconds = tracked["elapsed_seconds"]
    say(
        f"{profiles:,} {'profile' if profiles == 1 else 'profiles'} checked in {seconds:.1f} s: "
        f"{as_words(tracked['outcomes'])}.",
        as_json=as_json,
    )
    if tracked["events"]:
        say(f"Recorded: {as_words(tracked['events'])}.", as_json=as_json)
    for failure in tracked["failures"]:
        say(f"  {failure['outcome']}: {failure['person'] or failure['profile']}: {failure['detail']}", as_json=as_json)
    unlisted = tracked["failed"] - len(tracked["failures"])
    if unlisted > 0:
        say(f"  and {unlisted:,} more that failed", as_json=as_json)


def _say_delivered(delivered: dict[str, Any], *, as_json: bool) -> None:
    messages = delivered["messages"]
    if messages:
        say(
            f"{delivered['delivered']:,} of {messages:,} {'message' if messages == 1 else 'messages'} delivered.",
            as_json=as_json,
        )
    for failure in delivered["failures"]:
        again = failure["next_try_at"]
        say(
            f"  {failure['receiver']}: {failure['error']} ({f'next try {again}' if again else 'given up'})",
            as_json=as_json,
        )


def _exit_by_state(*manifests: dict[str, Any]) -> None:
    if any(manifest["state"] != "ok" for manifest in manifests):
        raise typer.Exit(1)
