"""``backfill``: the past, from archives and saved pages."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.filling_text import filled_lines, planned_lines
from cli.options import AsJson, Config, Database, Now, clock, moment
from cli.output import people_stream, print_json, say
from cli.running import delivery_bar, exit_by_state, say_delivered

if TYPE_CHECKING:
    from flows.backfill_plan import Progress
    from flows.backfill_wanted import OriginChoice

_ONE_ORIGIN = "choose one of --wayback, --archive, --pages, --warc and --git"


def day(text: str) -> datetime:
    """A date; a time of day has no place in it."""
    if len(text) > len("2026-11-22"):
        raise typer.BadParameter(f"{text!r} is no date; write 2026-11-22")
    return moment(text)


def backfill(
    people: Annotated[
        list[str] | None,
        typer.Argument(metavar="PERSON…", help="Who, as `show` takes names; by default everybody who is followed."),
    ] = None,
    wayback: Annotated[
        bool, typer.Option("--wayback", help="From the Internet Archive's Wayback Machine: where nothing else is said.")
    ] = False,
    archive: Annotated[
        str | None,
        typer.Option(metavar="URL", help="From another web archive (CDX and Memento), such as a pywb collection."),
    ] = None,
    pages: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="From a saved page, or a folder of them, dated by their names.", exists=True),
    ] = None,
    warc: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="PATH", help="From a WARC or ARC file, or a folder; may be given more often.", exists=True
        ),
    ] = None,
    git: Annotated[
        Path | None,
        typer.Option(metavar="REPOSITORY", help="From a git repository that holds one saved page.", exists=True),
    ] = None,
    file: Annotated[
        str | None, typer.Option(metavar="FILE", help="With --git: the saved page, from the repository's root.")
    ] = None,
    at: Annotated[
        datetime | None,
        typer.Option(parser=moment, metavar="TIME", help="With --pages: when a single page was saved."),
    ] = None,
    manifest: Annotated[
        Path | None,
        typer.Option(
            metavar="CSV",
            help="With --pages: the columns file, observed_at and, where pages are of several people, profile.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    profile: Annotated[
        str | None, typer.Option(metavar="URL", help="This followed profile only, instead of people.")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option(parser=day, metavar="DATE", help="Only pages of this day (UTC) or later.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(parser=day, metavar="DATE", help="Only pages of this day (UTC) or earlier.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what there is and how long reading it will take; record nothing.")
    ] = False,
    notify: Annotated[
        bool, typer.Option("--notify", help="Tell of what is found in one digest, as far as the rules ask for it.")
    ] = False,
    config: Config = None,
    database: Database = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """Fill in the past from web archives or saved pages.

    Each page is recorded at the time it is of, and nobody is told of what is found, unless --notify is given. What is
    recorded already is not read again: a backfill that was cut off goes on where it stopped.

    Exit code 1: an archive could not be asked, or a page not be read; the same command tries these again.
    """
    from flows.backfill_wanted import Wanted, WrongWish
    from flows.run import run_backfill, run_deliver
    from flows.settings import load

    settings = load(config, database=database, stream=people_stream(as_json=as_json))
    moment_of_run = clock(now)
    try:
        wanted = Wanted(
            origin=_origin(wayback, archive, pages, warc or [], git, file=file, at=at, manifest=manifest),
            people=tuple(people or ()),
            profile=profile,
            since=_date(since),
            until=_date(until),
            notify=notify,
        )
        with _progress() as progress:
            filled = run_backfill(
                settings,
                moment_of_run,
                wanted,
                dry_run=dry_run,
                database=database,
                progress=progress,
                waiting=lambda why: say(why, as_json=as_json),
            )
    except WrongWish as wrong:
        raise typer.BadParameter(str(wrong)) from None
    for line in planned_lines(filled) if dry_run else filled_lines(filled):
        say(line, as_json=as_json)
    manifests = [filled]
    if notify and not dry_run:
        with delivery_bar(settings) as bar:
            delivered = run_deliver(settings, moment_of_run, database=database, progress=bar)
        manifests.append(delivered)
        if not delivered["messages"] and not delivered["closed"]:
            say("There is nothing to tell: no rule asks for any of this.", as_json=as_json)
        say_delivered(delivered, as_json=as_json)
    if as_json:
        print_json(filled | {manifest["kind"]: manifest for manifest in manifests[1:]})
    exit_by_state(*manifests)


def _origin(
    wayback: bool,
    archive: str | None,
    pages: Path | None,
    warc: list[Path],
    git: Path | None,
    *,
    file: str | None,
    at: datetime | None,
    manifest: Path | None,
) -> "OriginChoice":
    """The one origin that was chosen. Raises WrongWish."""
    from flows.backfill_wanted import OriginChoice, OriginKind, WrongWish

    chosen: dict[OriginKind, list[str]] = {}
    if wayback:
        chosen[OriginKind.WAYBACK] = []
    if archive is not None:
        chosen[OriginKind.ARCHIVE] = [archive]
    if pages is not None:
        chosen[OriginKind.PAGES] = [_whole(pages)]
    if warc:
        chosen[OriginKind.WARC] = [_whole(path) for path in warc]
    if git is not None:
        chosen[OriginKind.GIT] = [_whole(git)]
    if len(chosen) > 1:
        raise WrongWish(_ONE_ORIGIN)
    kind, where = next(iter(chosen.items()), (OriginKind.WAYBACK, []))
    return OriginChoice(kind=kind, where=tuple(where), at=at, manifest=manifest, file=file)


def _whole(path: Path) -> str:
    """The path as it is from anywhere: with Prefect it is shown to people elsewhere."""
    return str(path.absolute())


def _date(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()


@contextmanager
def _progress() -> "Iterator[Progress | None]":
    """A bar on standard error that says whose captures are being read, where somebody looks at it."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from alerts.inert import inert

    doing = TextColumn("{task.description}", markup=False)
    columns = (doing, BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Filling in the past", total=None)
        yield lambda doing, total, done: bar.update(task, description=inert(doing), total=total, completed=done)
