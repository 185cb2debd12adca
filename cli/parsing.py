"""``parse``: what a parser makes of one saved page."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import AsJson, clock, moment
from cli.output import counted, print_json, say, spaced

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    select: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=CSS",
            help="A selector for --source generic, such as 'paper=ul.pubs > li'; once for each of them.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print the reading of one saved page.

    Exit code 1: the page cannot be read; the message says what stood in the way, and where.
    """
    from alerts.setting import suggestion
    from scrapers.parse import parse_page, saved_page
    from scrapers.reading_note import with_note
    from scrapers.registry import SOURCES
    from tracking.check import Failure
    from tracking.identity import issue_keys
    from tracking.reading_json import public_reading

    if source not in SOURCES:
        raise typer.BadParameter(
            f"no source is called {source!r}; {suggestion(source, SOURCES)}", param_hint="'--source'"
        )
    page = with_note(saved_page(file, url), _note(source, select or []))
    answer = parse_page(source, page, clock(at).date())
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


def _note(source: str, select: "Sequence[str]") -> str | None:
    """The selectors as they go with a page. Raises BadParameter."""
    from scrapers.sources.generic import GENERIC
    from scrapers.sources.generic.selectors import NAMES, check_selector, note_of

    if not select:
        return None
    if source != GENERIC.name:
        raise typer.BadParameter(f"only --source {GENERIC.name} reads by selectors", param_hint="'--select'")
    selectors = {}
    for given in select:
        name, _, selector = given.partition("=")
        if name not in NAMES:
            raise typer.BadParameter(f"{given!r} begins with none of {', '.join(NAMES)}", param_hint="'--select'")
        try:
            check_selector(selector)
        except ValueError as error:
            raise typer.BadParameter(f"{given!r}: not a CSS selector: {error}", param_hint="'--select'") from None
        selectors[name] = selector
    if "paper" not in selectors:
        raise typer.BadParameter("paper=… is missing", param_hint="'--select'")
    return note_of(selectors)


def _say_reading(reading: "ProfileReading") -> None:
    from cli.views_text import metric_lines

    say(f"{reading.name}{f' · {reading.field}' if reading.field else ''}")
    for line in metric_lines(reading.metrics):
        say(line)
    for warning in reading.warnings:
        say(f"  ({warning})")
    note = "" if reading.complete else "; there may be more than the page shows"
    say(f"\n{counted(len(reading.papers), 'paper')}{note}")
    for paper in reading.papers:
        say(f"  {paper.published or '–'!s:<10}  {paper.title}")
