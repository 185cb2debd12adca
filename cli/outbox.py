"""``outbox``: what waits to be delivered, tried again at once, or taken out for good."""

from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import AsJson, Config, Database, Now, clock
from cli.output import counted, minute, print_json, say, spaced
from cli.reading import open_store

if TYPE_CHECKING:
    from tracking.waiting import OutboxItem, OutboxMessage, OutboxView

outbox = typer.Typer(help="What waits to be delivered.", no_args_is_help=True)

Ids = Annotated[
    list[str],
    typer.Argument(metavar="ID…", help="Of messages or events, or beginnings of them: see outbox list."),
]
_TITLE_MAX = 60


@outbox.command("list")
def list_(
    receiver: Annotated[str | None, typer.Option(metavar="RECEIVER", help="For this receiver only.")] = None,
    dead: Annotated[bool, typer.Option("--dead", help="Only messages that were given up.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Also messages that have arrived.")] = False,
    config: Config = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """List what waits to be delivered: what is in no message yet, and messages with their tries."""
    from flows.as_json.outbox import message_json, waiting_json
    from tracking.account import MessageState

    with open_store(config, database) as store:
        view = store.outbox(receiver, delivered=everything and not dead)
    messages = [one for one in view.messages if not dead or one.state is MessageState.GIVEN_UP]
    items = [] if dead else list(view.items)
    if as_json:
        for item in items:
            print_json(waiting_json(item))
        for message in messages:
            print_json(message_json(message))
        return
    _print_items(items)
    _print_messages(messages)
    if not items and not messages:
        say("No message was given up." if dead else "Nothing waits to be delivered.")
    _say_standing(view)
    if any(message.state is MessageState.GIVEN_UP for message in messages):
        say("\nTo try again: scholarwatch outbox retry ID")
        say("To take something out, on record: scholarwatch outbox drop ID --reason TEXT")


@outbox.command("retry")
def retry(
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID…]", help="Of messages or events, or beginnings of them: see outbox list."),
    ] = None,
    receiver: Annotated[
        str | None, typer.Option(metavar="RECEIVER", help="All messages for this receiver, which is switched on.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All messages; every receiver is switched on.")] = False,
    config: Config = None,
    database: Database = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """Have messages tried with the next delivery, also those that were given up.

    An event that is named and in no message yet need not wait for its time. deliver, or run, then sends them.
    """
    from flows.as_json.outbox import retried_json
    from storage.errors import UnknownWaiting

    if everything == bool(ids or receiver):
        raise typer.BadParameter("say what to try: ID…, --receiver, or --all alone", param_hint="'ID…'")
    with open_store(config, database) as store:
        _must_be_known(store.receivers(), receiver)
        try:
            done = store.retry(ids or [], clock(now), receiver=receiver)
        except UnknownWaiting as error:
            raise typer.BadParameter(str(error), param_hint="'ID…'") from None
    if as_json:
        print_json(retried_json(done))
    for name in done.receivers:
        say(f"{name} is switched on again.", as_json=as_json)
    if done.messages or done.items:
        parts = [counted(len(done.messages), "message")] if done.messages else []
        parts += [counted(len(done.items), "event")] if done.items else []
        say(f"To go out with the next delivery: {' and '.join(parts)}. Next: scholarwatch deliver", as_json=as_json)
    elif not done.receivers:
        say("No message waits to be tried.", as_json=as_json)


@outbox.command("drop")
def drop(
    ids: Ids,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why, for whoever wonders later.")],
    receiver: Annotated[str | None, typer.Option(metavar="RECEIVER", help="For this receiver only.")] = None,
    config: Config = None,
    database: Database = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """Take messages or events out of the outbox, unsent. What was decided about each says so, and why."""
    from flows.as_json.outbox import dropped_json
    from storage.errors import UnknownWaiting

    with open_store(config, database) as store:
        _must_be_known(store.receivers(), receiver)
        try:
            dropped = store.drop(ids, reason, clock(now), receiver=receiver)
        except UnknownWaiting as error:
            raise typer.BadParameter(str(error), param_hint="'ID…'") from None
    if as_json:
        print_json(dropped_json(dropped, reason))
    for item in dropped.items:
        say(f"{item.receiver} does not hear of {_what(item)} ({item.event_id}).", as_json=as_json)


def _must_be_known(known: list[str], receiver: str | None) -> None:
    from alerts.setting import suggestion

    if receiver is not None and receiver not in known:
        hint = suggestion(receiver, known) if known else "nothing ever was for anybody"
        raise typer.BadParameter(f"nothing ever was for {receiver!r}; {hint}", param_hint="'--receiver'")


def _what(item: "OutboxItem") -> str:
    """``paper.new by Zoë Example: A New Thing``"""
    from alerts.inert import inert, shortened

    about = "" if item.title == item.person else f": {shortened(inert(item.title), _TITLE_MAX)}"
    return f"{item.kind} of {inert(item.person)}{about}"


def _print_items(items: "list[OutboxItem]") -> None:
    from cli.table import print_table

    if items:
        say("In no message yet:")
        rows = ((one.event_id, one.receiver, _sort(one), minute(one.not_before), _what(one)) for one in items)
        print_table(("event", "receiver", "in", "not before", "what"), rows)


def _print_messages(messages: "list[OutboxMessage]") -> None:
    from alerts.inert import inert
    from cli.table import print_table

    if messages:
        say("Messages:")
        print_table(
            ("message", "receiver", "items", "made", "state", "tries", "next try", "last error"),
            (
                (
                    one.message_id,
                    one.receiver,
                    f"{len(one.items):,}",
                    minute(one.created_at),
                    _state(one),
                    f"{one.tries:,}",
                    None if one.delivered_at or one.given_up_at else minute(one.next_try_at),
                    inert(one.last_error or ""),
                )
                for one in messages
            ),
        )


def _sort(item: "OutboxItem") -> str:
    return "digest" if item.digest else "message"


def _state(message: "OutboxMessage") -> str:
    ended = message.delivered_at or message.given_up_at
    return f"{spaced(message.state)}{f' {minute(ended)}' if ended else ''}"


def _say_standing(view: "OutboxView") -> None:
    from alerts.standing import standing_words

    for state in view.receivers:
        if held := standing_words(state):
            say(f"! {held}".replace("\n", " "))
