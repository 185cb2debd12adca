"""``why``, ``why-not`` and ``ack``: what the ledger of verdicts says, and that somebody has seen something."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import AsJson, Config, Database, Now, clock
from cli.output import complain, minute, print_json, say
from cli.reading import open_store

if TYPE_CHECKING:
    from flows.why_not import Reply
    from storage.store import Store
    from tracking.cadence import Cadences

Event = Annotated[
    str, typer.Argument(metavar="EVENT", help="The id of an event, or a beginning of it: see events --json.")
]

#: Of pages that nobody could read, so many are named.
_ANSWERS_SHOWN = 20


def why(event: Event, config: Config = None, database: Database = None, as_json: AsJson = False) -> None:
    """Say what became of an event, and why.

    For each receiver: what was decided and why, which message it is in, and whether that has arrived.
    """
    from cli.why_text import account_lines
    from flows.as_json.account import account_json
    from storage.errors import UnknownEvent

    with open_store(config, database) as store:
        try:
            account = store.account(event)
        except UnknownEvent as error:
            raise typer.BadParameter(str(error), param_hint="'EVENT'") from None
    if as_json:
        print_json(account_json(account))
        return
    for line in account_lines(account):
        say(line.replace("\n", " "))


def ack(
    event: Event,
    note: Annotated[str, typer.Option(metavar="TEXT", help="What there is to say about it.")] = "",
    config: Config = None,
    database: Database = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """Note that an event was seen.

    It stays on record with a mark; events --unacknowledged does not list it any more.
    """
    from cli.views_text import event_line
    from flows.as_json.account import acked_json
    from storage.errors import UnknownEvent

    with open_store(config, database) as store:
        try:
            account, is_new = store.acknowledge(event, note, clock(now))
        except UnknownEvent as error:
            raise typer.BadParameter(str(error), param_hint="'EVENT'") from None
    seen = account.ack
    assert seen is not None
    if as_json:
        print_json(acked_json(account, is_new))
    before = "" if is_new else f" before, on {minute(seen.at)}{f': {seen.note}' if seen.note else ''}"
    say(event_line(account.event).replace("\n", " "), as_json=as_json)
    say(f"It was acknowledged{before}." if before else "Acknowledged.", as_json=as_json)


def why_not(
    asked: Annotated[
        str,
        typer.Argument(
            metavar="PAPER|PERSON",
            help="A paper's key, arXiv id or DOI (or the URL of one), or a part of its title; or a person.",
        ),
    ],
    receiver: Annotated[
        str | None, typer.Option(metavar="RECEIVER", help="Why this receiver has not heard of it.")
    ] = None,
    config: Config = None,
    database: Database = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """Say why nobody has heard of a paper or a person.

    Or that somebody has; the most likely answer comes first. A name or profile goes before a part of a title.

    Exit code 1: no page that is followed shows such a paper, and no such person is followed.
    """
    from flows.why_not import why_not as answer
    from storage.errors import ManyPapers

    if not asked.strip():
        raise typer.BadParameter("must not be empty", param_hint="'PAPER|PERSON'")
    at = clock(now)
    cadences, unknown = _cadences(config, database)
    with open_store(config, database) as store:
        if receiver is not None:
            _must_be_known(store, receiver)
        try:
            reply = answer(store, asked, receiver=receiver, now=at, cadences=cadences)
        except ManyPapers as error:
            raise typer.BadParameter(str(error), param_hint="'PAPER|PERSON'") from None
    if as_json:
        _print_json(reply, asked, at)
    else:
        _say(reply, asked, at)
    if reply.person is not None and unknown:
        complain(f"when pages are due next is not known: {unknown}")
    if reply.is_unknown:
        raise typer.Exit(1)


def _cadences(config: Path | None, database: str | None) -> "tuple[Cadences | None, str]":
    """How often everybody is checked, or why that is not known: a broken rule does not keep the answer back."""
    from flows.config.error import ConfigError
    from flows.settings import load

    try:
        return load(config, database=database).cadences, ""
    except ConfigError as error:
        return None, str(error)


def _must_be_known(store: "Store", receiver: str) -> None:
    from alerts.setting import suggestion

    known = store.receivers()
    if receiver not in known:
        hint = suggestion(receiver, known) if known else "nor for anybody else"
        raise typer.BadParameter(f"nothing was ever decided for {receiver!r}; {hint}", param_hint="'--receiver'")


def _print_json(reply: "Reply", asked: str, now: datetime) -> None:
    from cli.why_not_text import answer_text
    from flows.as_json.account import answer_json, paper_json, person_facts_json

    paper, person = reply.paper, reply.person
    print_json(
        {
            "asked": asked,
            "paper": paper_json(paper) if paper else None,
            "person": person_facts_json(person) if person else None,
            "near": list(reply.near),
            "answers": [answer_json(answer, answer_text(answer, now)) for answer in reply.answers],
        }
    )


def _say(reply: "Reply", asked: str, now: datetime) -> None:
    from alerts.inert import inert
    from cli.why_not_text import answer_text, detail_lines

    if reply.paper is not None:
        for title, key in reply.paper.names:
            say(f"“{inert(title)}” ({inert(key)})")
    elif reply.person is not None:
        say(inert(reply.person.name))
    else:
        near = f"; near it are: {', '.join(map(inert, reply.near))}" if reply.near else ""
        say(f"“{inert(asked)}” is nobody who is followed{near}. If it is a paper:")
    for answer in reply.answers[:_ANSWERS_SHOWN]:
        say(answer_text(answer, now))
        for line in detail_lines(answer):
            say(f"  {line}")
    if len(reply.answers) > _ANSWERS_SHOWN:
        say(f"and {len(reply.answers) - _ANSWERS_SHOWN:,} more: --json lists them")
