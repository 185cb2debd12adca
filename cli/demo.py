"""``demo``: a week in half a minute."""

from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import AsJson
from cli.output import as_words, print_json, say

if TYPE_CHECKING:
    from flows.demo import Day, Week


def demo(
    plain: Annotated[bool, typer.Option("--plain", help="Leave Prefect out: the same week in a few seconds.")] = False,
    as_json: AsJson = False,
) -> None:
    """Follow five made-up researchers through a week.

    Prints what a person would have been told each day. A made-up Scholar Feed is served on this machine; nothing
    leaves it, and nothing is kept.
    """
    import signal

    from flows.demo import run_demo

    # Nothing is kept that would have to be finished: Ctrl-C ends this at once, a server that is just starting too.
    signal.signal(signal.SIGINT, _interrupt)
    say(
        "A made-up Scholar Feed with five researchers is served on this machine and followed for a week.",
        as_json=as_json,
    )
    if not plain:
        say(
            "A temporary Prefect server starts first, which takes about ten seconds (--plain leaves it out) …",
            as_json=as_json,
        )
    week = run_demo(lambda day: _tell(day, as_json=as_json), with_prefect=not plain)
    _tell_end(week, as_json=as_json)
    if week.told_twice or week.untold:
        raise typer.Exit(1)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _tell(day: "Day", *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "day": day.number,
                "now": day.now.isoformat(),
                "outcomes": day.outcomes,
                "messages": [message.to_json() for message in day.messages],
            }
        )
    from alerts.wording import wording_of

    say(f"\n── Day {day.number}, {day.now:%A %d %B} · checks: {as_words(day.outcomes)} ──\n", as_json=as_json)
    if not day.messages:
        say("Nothing to tell.", as_json=as_json)
    for message in day.messages:
        wording = wording_of(message)
        say(f"{wording.subject}\n\n{wording.body}\n", as_json=as_json)


def _tell_end(week: "Week", *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "new_papers": week.new_papers,
                "told": week.told,
                "told_twice": week.told_twice,
                "untold": week.untold,
            }
        )
    say(
        f"\n── The site showed {week.new_papers} new papers in this week; {week.told} were told, "
        f"{week.told_twice} of them twice, and {week.untold} were missed. ──",
        as_json=as_json,
    )
