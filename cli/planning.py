"""``plan`` and ``apply``: what a changed configuration would do, and doing it."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import AsJson, Config, Database, Now, clock
from cli.output import counted, people_stream, print_json, say

if TYPE_CHECKING:
    from flows.config.whole import Settings
    from flows.plan import Plan, ReceiverChange, RuleChange
    from tracking.following import FollowChange


def plan(config: Config = None, database: Database = None, as_json: AsJson = False) -> None:
    """Say what the configuration, as it is now, would change.

    No page is asked for, and nothing is written.

    Exit code 1: there is something that the next run, or apply, will do.
    """
    from flows.settings import load

    found = _planned(load(config, database=database, stream=people_stream(as_json=as_json)))
    _say_plan(found, as_json=as_json)
    if as_json:
        print_json(found.to_json())
    if not found.is_empty:
        raise typer.Exit(1)


def apply(
    config: Config = None,
    database: Database = None,
    now: Now = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Do what plan says, as the next run would.

    No page is asked for, and nothing that is known is deleted.

    Exit code 1: nobody agreed to it.
    """
    from flows.settings import load
    from flows.yesterday import take_over
    from storage.store import Store

    settings = load(config, database=database, stream=people_stream(as_json=as_json))
    found = _planned(settings)
    _say_plan(found, as_json=as_json)
    if not found.is_empty and not yes:
        _ask(as_json=as_json)
    with Store.open(settings.database) as store:
        following = take_over(store, settings, clock(now))
    if not found.is_empty:
        say(
            f"Done: {counted(following.followed, 'profile')} followed, {following.restored:,} restored, "
            f"{following.retired:,} retired, {following.changed:,} changed. Next: scholarwatch run",
            as_json=as_json,
        )
    if as_json:
        print_json(found.to_json() | {"applied": True})


def _planned(settings: "Settings") -> "Plan":
    from flows import plan
    from storage.errors import NoDatabase
    from storage.store import Store

    try:
        with Store.open_existing(settings.database) as store:
            return plan.plan(store, settings)
    except NoDatabase:
        return plan.new_plan(settings)


def _ask(*, as_json: bool) -> None:
    """Go on only if somebody agrees."""
    if not sys.stdin.isatty():
        raise typer.BadParameter("nobody can be asked here: --yes does it, plan only looks")
    if not typer.confirm("Do it?", err=as_json):
        say("Nothing was changed.", as_json=as_json)
        raise typer.Exit(1)


def _say_plan(found: "Plan", *, as_json: bool) -> None:
    for line in plan_lines(found):
        say(line, as_json=as_json)


def plan_lines(found: "Plan") -> Iterator[str]:
    """A line for each change; what is added begins with a plus, what goes with a minus, what changes with a tilde."""
    yield from map(_follow_line, found.following)
    for rule in found.rules:
        yield from _rule_lines(rule)
    yield from map(_receiver_line, found.receivers)
    for section in found.sections:
        yield f"~ section {section} says something else"
    if not found.is_compared:
        yield "Rules and receivers are compared from the first run, or apply, on: what they were is not known."
    if found.is_empty:
        yield "Nothing to do."


def _follow_line(change: "FollowChange") -> str:
    from tracking.following import ChangeKind

    # Whose name is not known yet goes by the address.
    page = f": {change.profile}" if change.profile and change.profile != change.person else ""
    match change.kind:
        case ChangeKind.FOLLOWED:
            return f"+ follow {change.person}{page}"
        case ChangeKind.RESTORED:
            return f"+ follow {change.person} again{page}; its history goes on"
        case ChangeKind.RETIRED:
            return f"- retire {change.person}{page}; what is known of it stays"
        case ChangeKind.MOVED:
            return f"~ move to {change.person} from {change.before}{page}"
        case ChangeKind.READDRESSED:
            return f"~ ask for {change.person} at {change.after} instead of {change.before}"
        case ChangeKind.RENAMED:
            return f"~ rename {change.before} to {change.after}"
        case ChangeKind.RETAGGED:
            return f"~ tags of {change.person}: {change.before or 'none'} → {change.after or 'none'}"


def _rule_lines(change: "RuleChange") -> Iterator[str]:
    yield f"{_SIGNS[change.change]} rule “{change.rule}” of {change.of}"
    for key in change.keys:
        match key.before, key.after:
            case None, after:
                yield f"    {key.key}: {after}"
            case before, None:
                yield f"    {key.key}: {before}, not said any more"
            case before, after:
                yield f"    {key.key}: {before} → {after}"


def _receiver_line(change: "ReceiverChange") -> str:
    keys = f" ({', '.join(change.keys)})" if change.keys else ""
    return f"{_SIGNS[change.change]} receiver {change.receiver}{keys}"


_SIGNS = {"added": "+", "changed": "~", "removed": "-"}
