"""``export`` and ``merge``: what is stored, as files for other programs."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import AsJson, Config, Database, Now, clock
from cli.output import complain, counted, print_json, say
from cli.progress import progress_bar
from cli.reading import open_store
from flows.export.wanted import ExportError, Format, Wanted, WrongExport
from tracking.exported import Table

if TYPE_CHECKING:
    from flows.export.wanted import Exported

_STANDARD_OUTPUT = Path("-")

Force = Annotated[bool, typer.Option("--force", help="Take the place of files that are there.")]


def export(
    out: Annotated[
        Path,
        typer.Argument(
            metavar="OUT", help="A file, or a folder for the tables of csv and parquet; -: standard output."
        ),
    ] = _STANDARD_OUTPUT,
    form: Annotated[
        Format | None,
        typer.Option(
            "--format",
            help="csv for spreadsheets, bibtex for a bibliography, parquet for data frames, jsonl for all else.",
        ),
    ] = None,
    table: Annotated[
        list[Table] | None, typer.Option(help="This table only; may be given more than once. Else all of them.")
    ] = None,
    person: Annotated[
        list[str] | None, typer.Option(metavar="PERSON", help="Of this person only; may be given more than once.")
    ] = None,
    tag: Annotated[
        list[str] | None, typer.Option(metavar="TAG", help="Of people with this tag; may be given more than once.")
    ] = None,
    since: Annotated[
        int | None,
        typer.Option(
            metavar="RUN", min=0, help="jsonl: only what changed after the run that an earlier export names; see merge."
        ),
    ] = None,
    force: Force = False,
    config: Config = None,
    database: Database = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """Write what is stored to files, or a bibliography.

    Times are in UTC. What is not known is left empty; it is never zero. A file is there only when it is whole.
    """
    if form is None:
        raise typer.BadParameter(f"choose one of {', '.join(Format)}", param_hint="'--format'")
    wanted = Wanted(
        format=form,
        out=None if out == _STANDARD_OUTPUT else out,
        tables=tuple(one for one in Table if not table or one in table),
        people=tuple(person or ()),
        tags=tuple(tag or ()),
        since=since,
        force=force,
    )
    _check_json(wanted.out, as_json=as_json)
    with _export_errors():
        exported = _written(wanted, config, database, clock(now))
    if as_json:
        print_json(exported.to_json())
    _say_exported(exported)


def _written(wanted: Wanted, config: Path | None, database: str | None, now: datetime) -> "Exported":
    from flows.export.exporting import export as write_export

    wanted.check()
    # Where rows go to the terminal they show themselves how far it has come.
    is_quiet = wanted.out is None and sys.stdout.isatty()
    bar = nullcontext() if is_quiet else progress_bar("Writing profiles")
    with open_store(config, database) as store, bar as progress:
        return write_export(store, wanted, now, standard_output=sys.stdout.buffer, progress=progress)


def _say_exported(exported: "Exported") -> None:
    rows = ", ".join(f"{table} {number:,}" for table, number in exported.rows.items())
    # Standard output may be the export.
    say(f"{exported.out or 'Written'}: {rows}.", as_json=True)
    if exported.format is Format.JSONL:
        say(f"Next time: scholarwatch export --format jsonl --since {exported.run}, then merge", as_json=True)


def merge(
    base: Annotated[
        Path, typer.Argument(metavar="BASE", help="A jsonl export.", exists=True, dir_okay=False, readable=True)
    ],
    delta: Annotated[
        Path,
        typer.Argument(metavar="DELTA", help="What export --since wrote.", exists=True, dir_okay=False, readable=True),
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="Where to write it, if not to standard output.")
    ] = _STANDARD_OUTPUT,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Bring an earlier export up to date with what changed since.

    The result is what an export of that time would have been. A delta that does not fit is refused.
    """
    file = None if out == _STANDARD_OUTPUT else out
    _check_json(file, as_json=as_json)
    with _export_errors():
        from flows.export.exporting import opened
        from flows.export.merge import merge as merge_files

        with opened(file, sys.stdout.buffer, force=force) as written:
            merged = merge_files(base, delta, written)
    if as_json:
        print_json({"out": str(file), "run": merged.run, "rows": dict(merged.rows)})
    say(f"{file or 'Written'}: {counted(merged.rows.total(), 'row')}, up to run {merged.run}.", as_json=True)


def _check_json(out: Path | None, *, as_json: bool) -> None:
    if as_json and out is None:
        raise typer.BadParameter("name a file or a folder: standard output can not hold both", param_hint="'--json'")


@contextmanager
def _export_errors() -> Iterator[None]:
    try:
        yield
    except WrongExport as error:
        raise typer.BadParameter(str(error)) from error
    except ExportError as error:
        complain(str(error))
        raise typer.Exit(1) from error
