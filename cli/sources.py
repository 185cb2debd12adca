"""``sources``, ``sources doctor`` and ``sources drift``: where researchers can be followed, and whether that works."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.options import AsJson, Config, Database, Now, clock
from cli.output import counted, print_json, say, spaced

if TYPE_CHECKING:
    from flows.doctor import Examined
    from scrapers.source import Source

sources = typer.Typer(invoke_without_command=True, subcommand_metavar="[COMMAND]")


@sources.callback()
def list_(context: typer.Context, as_json: AsJson = False) -> None:
    """List the sources that researchers can be followed at.

    docs/sources has a page about each: what it offers, its terms, and how to find a profile's URL.
    """
    if context.invoked_subcommand is not None:
        if as_json:
            raise typer.BadParameter(f"options come after the word {context.invoked_subcommand!r}")
        return
    from cli.table import print_table
    from scrapers.registry import BROKEN, SOURCES

    known = [SOURCES[name] for name in sorted(SOURCES)]
    if as_json:
        for source in known:
            print_json(_json(source))
        for plugin in BROKEN:
            print_json({"name": plugin.name, "package": plugin.package, "broken": plugin.reason})
    else:
        print_table(
            ("source", "title", "asked by", "offers"),
            ((source.name, source.title, _asked_by(source), source.offers) for source in known),
        )
    for plugin in BROKEN:
        say(f"Left out: {plugin.name} of the package {plugin.package}: {plugin.reason}", as_json=as_json)
    if BROKEN:
        raise typer.Exit(1)


@sources.command("doctor")
def doctor(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[SOURCE…]", help="Only these (default: all that are switched on).")
    ] = None,
    config: Config = None,
    database: Database = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """Read one profile of each source that must never be empty.

    Exit code 1: one of them could not be read, or was empty. Nothing is recorded but that the hosts were asked.
    """
    import asyncio

    from alerts.setting import suggestion
    from flows.doctor import enabled_sources
    from flows.run import run_doctor
    from flows.settings import load
    from scrapers.registry import SOURCES

    for name in names or ():
        if name not in SOURCES:
            raise typer.BadParameter(f"no source is called {name!r}; {suggestion(name, SOURCES)}")
    settings = load(config, database=database)
    wanted = names or list(enabled_sources(settings))
    examined = asyncio.run(run_doctor(settings, wanted, clock(now)))
    for one in examined:
        if as_json:
            print_json(one.to_json())
        else:
            say(_line(one))
    asked = [one for one in examined if one.url is not None]
    ill = [one for one in asked if not one.is_well]
    say(f"{counted(len(asked) - len(ill), 'source')} of {len(asked)} read as they should.", as_json=as_json)
    if ill:
        raise typer.Exit(1)


@sources.command("drift")
def drift(
    name: Annotated[str | None, typer.Argument(metavar="[SOURCE]", help="Only this (default: all).")] = None,
    last: Annotated[int, typer.Option(min=1, help="So many runs of each.")] = 10,
    config: Config = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Print what the pages of a source show together, run by run.

    Of each field of papers, and each metric, the share of papers or pages that show it; a star marks what was told.
    """
    from alerts.setting import suggestion
    from cli.shapes import print_shapes
    from flows.settings import database_of
    from scrapers.registry import SOURCES
    from storage.store import Store

    if name is not None and name not in SOURCES:
        raise typer.BadParameter(f"no source is called {name!r}; {suggestion(name, SOURCES)}")
    with Store.open_existing(database_of(config, database=database)) as store:
        of_sources = {
            source: store.source_shapes(source, limit=last) for source in ([name] if name else sorted(SOURCES))
        }
    for source, shapes in of_sources.items():
        if as_json:
            for view in shapes:
                print_json({"source": source, "run": view.run_id, "now": view.now.isoformat()} | view.shape.to_json())
        elif shapes:
            print_shapes(source, shapes)
    if not any(of_sources.values()):
        say("No page of it was read yet." if name else "No page was read yet.", as_json=as_json)


def _json(source: "Source") -> dict[str, Any]:
    return {
        "name": source.name,
        "title": source.title,
        "interface": source.interface,
        "hosts": list(source.hosts),
        "base": source.base,
        "on_by_default": source.on_by_default,
        "min_interval_seconds": source.min_interval_seconds,
        "daily_budget": source.daily_budget,
        "trust": source.trust,
        "canary": source.canary,
        "parser": source.parser,
        "offers": source.offers,
        "terms": source.terms,
    }


def _asked_by(source: "Source") -> str:
    return f"{source.interface}{'' if source.on_by_default else ', when switched on'}"


def _line(one: "Examined") -> str:
    if one.url is None:
        return f"–     {one.source}: {one.detail}"
    if one.reading is None or not one.is_well:
        return f"ill   {one.source}: {spaced(str(one.outcome))}: {one.detail} ({one.url})"
    papers = counted(len(one.reading.papers), "paper")
    return f"well  {one.source}: {one.reading.name}, {papers} ({one.url})"
