"""``deliver`` and ``notify test``: what goes out to people."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.options import AsJson, Config, Database, Now, clock
from cli.output import counted, minute, people_stream, print_json, say
from cli.progress import Progress, progress_bar

if TYPE_CHECKING:
    from flows.config.whole import Settings

notify = typer.Typer(help="Try out a receiver.", no_args_is_help=True)


def deliver(config: Config = None, database: Database = None, now: Now = None, as_json: AsJson = False) -> None:
    """Send what waits to be delivered, without checking any page.

    Exit code 1: a message could not be delivered; it is tried again later.
    """
    from flows.run import run_deliver
    from flows.settings import load

    settings = load(config, database=database, stream=people_stream(as_json=as_json))
    with delivery_bar(settings) as progress:
        delivered = run_deliver(settings, clock(now), database=database, progress=progress)
    _say_all(delivered, as_json=as_json)


def digest(
    receivers: Annotated[
        list[str] | None, typer.Argument(metavar="RECEIVER…", help="Whose digest; by default everybody's.")
    ] = None,
    config: Config = None,
    database: Database = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """Send what waits for a digest now, and not at its time.

    By themselves digests go out with `deliver`, each at the time that its receiver has in the configuration.

    Exit code 1: a message could not be delivered; it is tried again later.
    """
    from flows.digest import UnknownReceiverError
    from flows.run import run_digest
    from flows.settings import load

    settings = load(config, database=database, stream=people_stream(as_json=as_json))
    try:
        with delivery_bar(settings) as progress:
            delivered = run_digest(settings, clock(now), receivers or [], database=database, progress=progress)
    except UnknownReceiverError as unknown:
        raise typer.BadParameter(str(unknown), param_hint="'RECEIVER…'") from None
    _say_all(delivered, as_json=as_json)


@notify.command("test")
def notify_test(
    receiver: Annotated[str, typer.Argument(metavar="RECEIVER", help="A receiver of the configuration.")],
    config: Config = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """Send a made-up message to a receiver, to see that messages arrive.

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
def delivery_bar(settings: "Settings") -> Iterator[Progress | None]:
    """A bar while messages go out; none where they are shown on the terminal themselves."""
    from alerts.receivers.terminal import TerminalChannel

    if any(isinstance(receiver.channel, TerminalChannel) for receiver in settings.receivers):
        yield None
        return
    with progress_bar("Delivering messages") as progress:
        yield progress


def _say_all(delivered: dict[str, Any], *, as_json: bool) -> None:
    """What a verb that only delivers did, and its exit code."""
    if not delivered["messages"] and not delivered["closed"]:
        say("Nothing waits to be delivered.", as_json=as_json)
    say_delivered(delivered, as_json=as_json)
    if as_json:
        print_json(delivered)
    exit_by_state(delivered)


def say_delivered(delivered: dict[str, Any], *, as_json: bool) -> None:
    """What a delivery did, as far as there was something to do."""
    messages = delivered["messages"]
    if messages:
        say(f"{delivered['delivered']:,} of {counted(messages, 'message')} delivered.", as_json=as_json)
    for failure in delivered["failures"]:
        say(f"  {failure['receiver']}: {failure['error']} ({_plan(failure)})", as_json=as_json)
    if waiting := delivered["waiting"]:
        say(f"  {counted(waiting, 'other message')} to the same receivers will be tried next time.", as_json=as_json)
    for closed in delivered["closed"]:
        until = f"until {minute(datetime.fromisoformat(closed['until']))}" if closed["until"] else "for now"
        say(f"  {closed['receiver']}: nothing goes out {until} ({closed['why']}).", as_json=as_json)


def _plan(failure: dict[str, Any]) -> str:
    if failure["switched_off"]:
        return "it is switched off, and what is for it waits"
    again = failure["next_try_at"]
    return f"next try {minute(datetime.fromisoformat(again))}" if again else "given up"


def exit_by_state(*manifests: dict[str, Any]) -> None:
    """End with exit code 1 where something failed."""
    if any(manifest["state"] == "degraded" for manifest in manifests):
        raise typer.Exit(1)
