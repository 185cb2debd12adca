"""``rules``: which rules there are, and which hold for whom."""

from typing import TYPE_CHECKING, Annotated

import typer

from alerts.figures import joined
from cli import rehearsing, tuning
from cli.options import AsJson, Config, Database
from cli.output import print_json, say

if TYPE_CHECKING:
    from flows.explaining import ExplainedRule, SaidKey

rules = typer.Typer(help="Who hears about which events, and why.", no_args_is_help=True)
rules.command("test")(rehearsing.try_rules)
rules.command("tune")(tuning.tune)


@rules.command("list")
def list_(config: Config = None, as_json: AsJson = False) -> None:
    """List the rules of the configuration: for everybody, for tags, for people.

    Where the configuration has none, those are listed that are built in. docs/rules.md explains every key.
    """
    from cli.table import print_table
    from flows.as_json.rules import written_rule_json
    from flows.explaining import written_rules
    from flows.settings import load

    settings = load(config)
    written = written_rules(settings)
    if as_json:
        for whom, rule in written:
            print_json(written_rule_json(settings, whom, rule))
    elif not written:
        say("There are no rules: nobody is told anything.")
    else:
        print_table(
            ("rule", "for", "says", "line"),
            ((rule.name, whom, "; ".join(_said(rule)), _line(rule.keys[0])) for whom, rule in written),
        )


@rules.command("explain")
def explain(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="A name or a part of it, a profile's URL or key.")],
    config: Config = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Show the rules that hold for a person, and where each key of them comes from.

    What is said for everybody is narrowed by the person's tags, and that by what stands beside the person.
    """
    from flows.as_json.rules import explained_json
    from flows.explaining import as_written, find_followed
    from flows.explaining import explain as explained
    from flows.settings import load

    settings = load(config, database=database)
    name, tags = find_followed(settings, person)
    if as_json:
        print_json(explained_json(settings, name, tags))
        return
    found = explained(settings, name, tags)
    say(f"{name}{f' ({joined(tags)})' if tags else ''}, by {settings.config_path}")
    for rule in found:
        say(f"\n{rule.name}{' (disabled)' if rule.disabled else ''}")
        for said in rule.keys[1:]:
            say(f"  {said.key}: {as_written(said.value)}  ({_place(said)})")
    if not found:
        say("No rule holds: nobody is told anything.")


def _said(rule: "ExplainedRule") -> list[str]:
    from flows.explaining import as_written

    return [f"{said.key}: {as_written(said.value)}" for said in rule.keys[1:]]


def _line(said: "SaidKey") -> str:
    return "built in" if said.line is None else str(said.line)


def _place(said: "SaidKey") -> str:
    return said.section if said.line is None else f"line {said.line}, {said.section}"
