"""``parse``: what a parser makes of one saved page."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.options import AsJson, clock, moment
from cli.output import print_json, say


def parse(
    file: Annotated[Path, typer.Argument(help="A saved page: .html or .txt.", exists=True, dir_okay=False)],
    source: Annotated[str, typer.Option(help="Whose page it is: see the first column of the documentation's list.")],
    at: Annotated[
        datetime | None,
        typer.Option(
            parser=moment, metavar="DATE", help="The day the page was saved; dates without a year depend on it."
        ),
    ] = None,
    url: Annotated[str, typer.Option(help="Where the page came from, for links in it.")] = "",
    as_json: AsJson = False,
) -> None:
    """Print the reading of one saved page. Exit code 1: it can not be read, and why."""
    from scrapers.parse import parse_page, saved_page
    from scrapers.sources import SOURCES
    from tracking.check import Failure
    from tracking.identity import issue_keys
    from tracking.reading_json import public_reading

    if source not in SOURCES:
        raise typer.BadParameter(
            f"no source is called {source!r}; there are: {', '.join(SOURCES)}", param_hint="--source"
        )
    answer = parse_page(source, saved_page(file, url), clock(at).date())
    if isinstance(answer, Failure):
        if as_json:
            print_json({"source": source, "outcome": answer.outcome, "detail": answer.detail})
        say(f"{file}: {answer.outcome}: {answer.detail}", as_json=True)
        raise typer.Exit(1)
    reading = answer.reading
    public = public_reading(reading, issue_keys(reading.source, reading.papers))
    if as_json:
        print_json(public)
        return
    say(f"{reading.name}{f' · {reading.field}' if reading.field else ''}")
    for name, value in reading.metrics.items():
        say(f"  {name}: {'–' if value is None else value}")
    for warning in reading.warnings:
        say(f"  ({warning})")
    say(f"{len(reading.papers)} papers{'' if reading.complete else ' shown; the list may be incomplete'}:")
    for paper in reading.papers:
        say(f"  {paper.published or '–'}  {paper.title}")
