"""``parse``: what a parser makes of one saved page."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import AsJson, clock, moment
from cli.output import counted, print_json, say, spaced

if TYPE_CHECKING:
    from tracking.reading import ProfileReading


def parse(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A saved page: .html or .txt.", exists=True, dir_okay=False)
    ],
    source: Annotated[
        str, typer.Option(metavar="SOURCE", help="Whose page it is, such as scholarfeed; a wrong name lists them all.")
    ],
    at: Annotated[
        datetime | None,
        typer.Option(
            parser=moment,
            metavar="DATE",
            help="The day the page was saved (default: today); dates without a year depend on it.",
        ),
    ] = None,
    url: Annotated[str, typer.Option(metavar="URL", help="Where the page came from, for links in it.")] = "",
    as_json: AsJson = False,
) -> None:
    """Print the reading of one saved page.

    Exit code 1: the page cannot be read; the message says what stood in the way, and where.
    """
    from alerts.setting import suggestion
    from scrapers.parse import parse_page, saved_page
    from scrapers.registry import SOURCES
    from tracking.check import Failure
    from tracking.identity import issue_keys
    from tracking.reading_json import public_reading

    if source not in SOURCES:
        raise typer.BadParameter(
            f"no source is called {source!r}; {suggestion(source, SOURCES)}", param_hint="'--source'"
        )
    answer = parse_page(source, saved_page(file, url), clock(at).date())
    if isinstance(answer, Failure):
        if as_json:
            print_json({"source": source, "outcome": answer.outcome, "detail": answer.detail})
        say(f"{file}: {spaced(answer.outcome)}: {answer.detail}", as_json=True)
        raise typer.Exit(1)
    reading = answer.reading
    if as_json:
        print_json(public_reading(reading, issue_keys(reading.source, reading.papers)))
    else:
        _say_reading(reading)


def _say_reading(reading: "ProfileReading") -> None:
    from cli.views_text import metric_line

    say(f"{reading.name}{f' · {reading.field}' if reading.field else ''}")
    for name, value in reading.metrics.items():
        say(metric_line(name, value))
    for warning in reading.warnings:
        say(f"  ({warning})")
    note = "" if reading.complete else "; there may be more than the page shows"
    say(f"\n{counted(len(reading.papers), 'paper')}{note}")
    for paper in reading.papers:
        say(f"  {paper.published or '–'!s:<10}  {paper.title}")
