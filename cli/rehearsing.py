"""``rules test``: what the rules would have sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alerts.rehearsal_budget import Budget
from cli.options import AsJson, Config, Database, Now, clock, end_of_moment, moment
from cli.output import people_stream, print_json
from cli.progress import progress_bar

if TYPE_CHECKING:
    from alerts.message import Message
    from flows.config.whole import Settings
    from flows.rehearsal_stage import Wanted

#: Without --last, --since and --until.
_DAYS = timedelta(days=90)
#: So many messages are shown where not all are asked for.
_SHOWN = 20
_LONGEST = timedelta(days=3660)


def _budget(text: str) -> Budget:
    try:
        return Budget.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _duration(text: str) -> timedelta:
    from alerts.duration import parse_duration
    from alerts.setting import Setting, SettingError

    try:
        return parse_duration(Setting(text, (), SettingError), longest=_LONGEST)
    except SettingError as error:
        raise typer.BadParameter(error.message) from None


ChosenRules = Annotated[
    list[str] | None,
    typer.Option("--rule", metavar="RULE", help="As if there were only this rule; may be given more than once."),
]
ChosenPerson = Annotated[str | None, typer.Option("--person", metavar="PERSON", help="As if only they were followed.")]
ChosenReceiver = Annotated[
    str | None, typer.Option("--receiver", metavar="RECEIVER", help="Only what goes to this receiver.")
]
RulesFile = Annotated[
    Path | None,
    typer.Option(
        "--rules",
        metavar="FILE",
        help="The rules of this file instead: a whole configuration, or one of rules and tags only.",
        dir_okay=False,
        exists=True,
    ),
]
Last = Annotated[
    timedelta | None,
    typer.Option("--last", parser=_duration, metavar="TIME", help="The last so long, such as 26w (default: 90d)."),
]
Since = Annotated[
    datetime | None, typer.Option("--since", parser=moment, metavar="TIME", help="From this time on instead.")
]
Until = Annotated[
    datetime | None,
    typer.Option("--until", parser=end_of_moment, metavar="TIME", help="Until this time (a date: its end), not now."),
]
RequiredBudget = Annotated[
    Budget,
    typer.Option(
        "--budget",
        parser=_budget,
        metavar="N/week",
        help="How many messages one rule may send to one receiver: 3/week, 1/day, 5/month.",
    ),
]
OptionalBudget = Annotated[
    Budget | None,
    typer.Option(
        "--budget",
        parser=_budget,
        metavar="N/week",
        help="More messages of one rule to one receiver are noise (default: 10/week).",
    ),
]


def try_rules(
    rule: ChosenRules = None,
    person: ChosenPerson = None,
    receiver: ChosenReceiver = None,
    last: Last = None,
    since: Since = None,
    until: Until = None,
    rules_file: RulesFile = None,
    budget: OptionalBudget = None,
    fail: Annotated[bool, typer.Option("--fail", help="Exit code 1 where a rule is over the budget.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="All messages, not only the first 20.")] = False,
    config: Config = None,
    database: Database = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """Show what the rules would have sent over the stored history, lived or filled in.

    Nothing is sent, and nothing written. With --json there is an object for each message that is shown, and the last
    one has the numbers. Exit code 1: with --fail, a rule sends more than its budget.
    """
    from cli import rehearsing_json, rehearsing_text
    from flows.rehearsing import rehearse
    from storage.store import Store

    settings = rehearsed_settings(config, rules_file, database=database, as_json=as_json)
    wanted = wanted_of(rule, person, receiver, span_of(last, since, until, clock(now)))
    shown = 0

    def show(message: "Message") -> None:
        nonlocal shown
        if everything or shown < _SHOWN:
            shown += 1
            if as_json:
                print_json(rehearsing_json.message_json(message))
            else:
                rehearsing_text.say_message(message)

    with refusals(), Store.open_existing(settings.database) as store, progress_bar("Rehearsing") as progress:
        report = rehearse(store, settings, wanted, on_message=show, progress=progress)
    budget = budget or Budget(10, "week")
    if as_json:
        print_json(rehearsing_json.report_json(report, budget))
    else:
        rehearsing_text.say_report(report, shown=shown)
    is_over = rehearsing_text.warn_of_noise(report, budget)
    if fail and is_over:
        raise typer.Exit(1)


# ---- what `rules tune` asks for alike


def rehearsed_settings(
    config: Path | None, rules_file: Path | None, *, database: str | None, as_json: bool
) -> "Settings":
    from flows.settings import load, with_rules_of

    settings = load(config, database=database, stream=people_stream(as_json=as_json))
    return settings if rules_file is None else with_rules_of(settings, rules_file)


def span_of(
    last: timedelta | None, since: datetime | None, until: datetime | None, now: datetime
) -> tuple[datetime | None, datetime]:
    """From when until when; None: since history begins."""
    if last is not None and since is not None:
        raise typer.BadParameter("say either how long or from when", param_hint="'--last' / '--since'")
    end = min(until or now, now)
    if since is not None:
        return since, end
    return end - (last or _DAYS), end


def wanted_of(
    rules: list[str] | None, person: str | None, receiver: str | None, span: tuple[datetime | None, datetime]
) -> "Wanted":
    from flows.rehearsal_stage import Wanted

    return Wanted(since=span[0], until=span[1], rules=tuple(rules or ()), receiver=receiver, person=person)


@contextmanager
def refusals() -> Iterator[None]:
    """What cannot be rehearsed is wrong use."""
    from flows.rehearsal_stage import WrongRehearsal

    try:
        yield
    except WrongRehearsal as wrong:
        raise typer.BadParameter(str(wrong)) from None
