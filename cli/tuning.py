"""``rules tune``: how rules that send too much would send less."""

from datetime import UTC
from typing import TYPE_CHECKING, Any

from alerts.figures import number
from cli.options import AsJson, Config, Database, Now, clock
from cli.output import counted, print_json, say
from cli.progress import progress_bar
from cli.rehearsing import (
    ChosenPerson,
    ChosenReceiver,
    ChosenRules,
    Last,
    RequiredBudget,
    RulesFile,
    Since,
    Until,
    refusals,
    rehearsed_settings,
    span_of,
    wanted_of,
)

if TYPE_CHECKING:
    from alerts.rehearsal_budget import Budget
    from flows.config.whole import Settings
    from flows.tuning import Proposal, Tuned


def tune(
    budget: RequiredBudget,
    rule: ChosenRules = None,
    person: ChosenPerson = None,
    receiver: ChosenReceiver = None,
    last: Last = None,
    since: Since = None,
    until: Until = None,
    rules_file: RulesFile = None,
    config: Config = None,
    database: Database = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """Propose what rules that send more than the budget would have to say instead, one key at a time.

    Each proposal was rehearsed over the whole of the history that is asked for. The file is not written.
    """
    from flows.tuning import tune as tuned
    from storage.store import Store

    settings = rehearsed_settings(config, rules_file, database=database, as_json=as_json)
    wanted = wanted_of(rule, person, receiver, span_of(last, since, until, clock(now)))
    with refusals(), Store.open_existing(settings.database) as store, progress_bar("Rehearsing") as progress:
        found = tuned(store, settings, wanted, budget, progress=progress)
    for one in found:
        if as_json:
            print_json(_json(one, settings))
        else:
            _say(one, settings, budget)
    if not found:
        say(f"No rule sends more than {budget}.", as_json=as_json)


def _json(tuned: "Tuned", settings: "Settings") -> dict[str, Any]:
    from flows.restated_yaml import lines_to_write, place_of

    return {
        "rule": tuned.rule,
        "messages_a_week": round(tuned.messages_a_week, 2),
        "proposals": [
            {
                "key": one.change.key,
                "value": one.change.text,
                "instead_of": one.instead_of,
                "place": place_of(settings, one.change),
                "yaml": "\n".join(lines_to_write(settings, one.change)),
                "messages_a_week": round(one.messages_a_week, 2),
                "untold": one.untold,
                "examples": [dict(item) for item in one.examples],
            }
            for one in tuned.proposals
        ],
    }


def _say(tuned: "Tuned", settings: "Settings", budget: "Budget") -> None:
    say(f"“{tuned.rule}” sends {_a_week(tuned.messages_a_week)}.")
    if not tuned.proposals:
        say(f"No key of it, said more strictly, leaves something and keeps within {budget}.\n")
        return
    say(f"Each of these keeps within {budget}:\n")
    for proposal in tuned.proposals:
        _say_proposal(proposal, settings)


def _say_proposal(proposal: "Proposal", settings: "Settings") -> None:
    from alerts.entry import one_line
    from flows.restated_yaml import lines_to_write, place_of

    change = proposal.change
    now = "" if proposal.instead_of is None else f", now {proposal.instead_of}"
    say(f"{change.key}: {change.text}{now}: {_a_week(proposal.messages_a_week)}")
    say(f"  {place_of(settings, change)}")
    for line in lines_to_write(settings, change):
        say(f"    {line}")
    if proposal.untold:
        examples = "for example" if proposal.untold > len(proposal.examples) else "which are"
        say(f"  {counted(proposal.untold, 'item')} would not be told any more, {examples}:")
        for item in proposal.examples:
            say(f"    {one_line(item, UTC)}")
    say("")


def _a_week(messages: float) -> str:
    return f"{number(round(messages, 1))} messages a week"
