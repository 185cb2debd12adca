"""``backup``, ``restore``, ``prune`` and ``vacuum``: what keeps the database safe, and small."""

import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.options import AsJson, Config, Database, Now, clock
from cli.output import counted, minute, print_json, say
from cli.progress import progress_bar
from cli.reading import open_store
from flows.as_json.times import iso

if TYPE_CHECKING:
    from storage.backup import Backup

_AGE = re.compile(r"(\d{1,4})([dwy])")
_DAYS = {"d": 1, "w": 7, "y": 365}


def age(text: str) -> timedelta:
    """``90d``, ``26w`` or ``1y`` (365 days)."""
    read = _AGE.fullmatch(text)
    if read is None or int(read[1]) == 0:
        raise typer.BadParameter(f"{text!r} is no age; write 90d, 26w or 1y")
    return timedelta(days=int(read[1]) * _DAYS[read[2]])


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file; it is there only when it is whole.")],
    config: Config = None,
    database: Database = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """Write the whole database to one file.

    Others may go on using it. Settings are not in it: keep a copy of scholarwatch.yaml beside it.
    """
    if file.exists():
        raise typer.BadParameter(f"{str(file)!r} is there already; a backup is a new file", param_hint="'FILE'")
    with open_store(config, database) as store, progress_bar("Writing rows") as progress:
        made = store.backup(file, clock(now), progress=progress)
    if as_json:
        print_json(_backup_json(made))
    say(f"{file}: {counted(made.rows, 'row')} in {size(made.size_bytes)}.", as_json=as_json)


def restore(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="What backup wrote.", exists=True, dir_okay=False, readable=True)
    ],
    config: Config = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Bring a backup into a new database.

    All of it is restored, or nothing. SQLite and PostgreSQL restore each other's backups.
    """
    from flows.settings import database_of
    from storage.store import Store

    with progress_bar("Restoring rows") as progress:
        restored = Store.restore(database_of(config, database=database), file, progress=progress)
    if as_json:
        print_json(_backup_json(restored))
    say(f"Restored {counted(restored.rows, 'row')} as of {minute(restored.created_at)}.", as_json=as_json)


def prune(
    older_than: Annotated[
        timedelta,
        typer.Option(parser=age, metavar="AGE", help="Pages that no check has seen for so long: 90d, 26w, 1y."),
    ],
    config: Config = None,
    database: Database = None,
    now: Now = None,
    even_told: Annotated[
        bool, typer.Option("--even-told", help="Also pages that prove what somebody was told.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and change nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Let go of old raw pages.

    Kept for ever: the first page of each month, the last of each profile, and all that was read from any page.
    """
    moment = clock(now)
    before = moment - older_than
    with open_store(config, database) as store, progress_bar("Looking through profiles") as progress:
        retired = store.retire_pages(before, now=moment, keep_told=not even_told, dry_run=dry_run, progress=progress)
    if as_json:
        print_json(
            {
                "before": iso(before),
                "dry_run": dry_run,
                "pages": retired.pages,
                "freed_bytes": retired.freed_bytes,
            }
        )
    _say_pruned(retired.pages, retired.freed_bytes, dry_run=dry_run, as_json=as_json)


def _say_pruned(pages: int, freed_bytes: int, *, dry_run: bool, as_json: bool) -> None:
    if not pages:
        say("No page is that old and need not be kept.", as_json=as_json)
    elif dry_run:
        say(f"{counted(pages, 'page')} would go: {size(freed_bytes)} at most.", as_json=as_json)
    elif freed_bytes > 0:
        say(f"Let go of {counted(pages, 'page')}: {size(freed_bytes)} less in the archive.", as_json=as_json)
        say("Next: scholarwatch vacuum, which gives the room back", as_json=as_json)
    else:
        # What stays was kept as the difference to what went, and now stands on its own.
        say(f"Let go of {counted(pages, 'page')}: {size(-freed_bytes)} more in the archive.", as_json=as_json)


def vacuum(config: Config = None, database: Database = None, as_json: AsJson = False) -> None:
    """Give back the room that is free in the database.

    What nothing refers to is deleted first. A SQLite file is rewritten: for that while it takes twice the room, and
    nobody else can write.
    """
    with open_store(config, database) as store:
        done = store.vacuum()
    if as_json:
        print_json({"blobs": done.blobs, "before_bytes": done.before_bytes, "after_bytes": done.after_bytes})
    taken = f" {counted(done.blobs, 'blob')} that nothing referred to went." if done.blobs else ""
    say(f"{size(done.before_bytes)} before, {size(done.after_bytes)} now.{taken}", as_json=as_json)


def _backup_json(made: "Backup") -> dict[str, Any]:
    return {
        "file": str(made.path),
        "created_at": iso(made.created_at),
        "schema": made.schema,
        "rows": made.rows,
        "size_bytes": made.size_bytes,
    }


def size(number: int) -> str:
    """Bytes for people: ``512 bytes``, ``1.2 MB``."""
    for factor, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if number >= factor:
            return f"{number / factor:,.1f} {unit}"
    return counted(number, "byte")
