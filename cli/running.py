"""``run``, ``deliver`` and ``notify test``: what does something out in the world."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.options import AsJson, Config, Database, Now, clock
from cli.output import as_words, counted, minute, people_stream, print_json, say, spaced

if TYPE_CHECKING:
    from flows.track import Progress

notify = typer.Typer(help="Try out a receiver.", no_args_is_help=True)


def run(config: Config = None, database: Database = None, now: Now = None, as_json: AsJson = False) -> None:
    """Check everybody who is followed, and deliver what is new.

    Exit code 1: a page could not be read, or a message not delivered. Nothing is lost: the next run tries again.
    """
    from flows.run import run_deliver, run_track
    from flows.settings import load

    settings = load(config, database=database, stream=people_stream(as_json=as_json))
    moment = clock(now)
    with _progress() as progress:
        tracked = run_track(settings, moment, database=database, progress=progress)
    if settings.people:
        _say_tracked(tracked, as_json=as_json)
    else:
        say("Nobody is followed yet. Next: scholarwatch follow URL", as_json=as_json)
    delivered = run_deliver(settings, moment, database=database)
    _say_delivered(delivered, as_json=as_json)
    if as_json:
        print_json({"track": tracked, "deliver": delivered})
    _exit_by_state(tracked, delivered)


def deliver(config: Config = None, database: Database = None, now: Now = None, as_json: AsJson = False) -> None:
    """Send what waits to be delivered, without checking any page.

    Exit code 1: a message could not be delivered; it is tried again later.
    """
    from flows.run import run_deliver
    from flows.settings import load

    settings = load(config, database=database, stream=people_stream(as_json=as_json))
    delivered = run_deliver(settings, clock(now), database=database)
    if not delivered["messages"]:
        say("Nothing waits to be delivered.", as_json=as_json)
    _say_delivered(delivered, as_json=as_json)
    if as_json:
        print_json(delivered)
    _exit_by_state(delivered)


@notify.command("test")
def notify_test(
    receiver: Annotated[str, typer.Argument(metavar="RECEIVER", help="A receiver of the configuration.")],
    config: Config = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """Send one made-up item to a receiver, to see that messages arrive.

    Exit code 1: it could not be delivered, and why.
    """
    from alerts.delivery import DeliveryError
    from alerts.sample import sample_message
    from alerts.setting import suggestion
    from flows.settings import load

    settings = load(config, stream=people_stream(as_json=as_json))
    found = next((known for known in settings.receivers if known.name == receiver), None)
    if found is None:
        names = [known.name for known in settings.receivers]
        raise typer.BadParameter(
            f"no receiver is called {receiver!r}; {suggestion(receiver, names)}", param_hint="'RECEIVER'"
        )
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
        say("Nothing to check: every profile was checked at this time or later.", as_json=as_json)
        return
    seconds = tracked["elapsed_seconds"]
    say(
        f"{counted(profiles, 'profile')} checked in {seconds:.1f} s: {as_words(tracked['outcomes'])}.",
        as_json=as_json,
    )
    for failure in tracked["failures"]:
        say(
            f"  {spaced(failure['outcome'])}: {failure['person'] or failure['profile']}: {failure['detail']}",
            as_json=as_json,
        )
    unlisted = tracked["failed"] - len(tracked["failures"])
    if unlisted > 0:
        say(f"  and {unlisted:,} more that could not be read", as_json=as_json)
    say(f"Recorded: {as_words(tracked['events']) if tracked['events'] else 'nothing new'}.", as_json=as_json)


def _say_delivered(delivered: dict[str, Any], *, as_json: bool) -> None:
    messages = delivered["messages"]
    if messages:
        say(f"{delivered['delivered']:,} of {counted(messages, 'message')} delivered.", as_json=as_json)
    for failure in delivered["failures"]:
        again = failure["next_try_at"]
        plan = f"next try {minute(datetime.fromisoformat(again))}" if again else "given up"
        say(f"  {failure['receiver']}: {failure['error']} ({plan})", as_json=as_json)


def _exit_by_state(*manifests: dict[str, Any]) -> None:
    if any(manifest["state"] != "ok" for manifest in manifests):
        raise typer.Exit(1)
