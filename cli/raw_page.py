"""``page``: the bytes of a page as they came, for whoever wants to look into a matter."""

import hashlib
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.options import AsJson, Config, Database, end_of_moment
from cli.output import counted, minute, print_json, say
from cli.reading import open_store

if TYPE_CHECKING:
    from tracking.kept import KeptPage


def page(
    person: Annotated[
        str, typer.Argument(metavar="PERSON", help="A name or a part of it; of several profiles, one's URL or key.")
    ],
    at: Annotated[
        datetime | None,
        typer.Option(parser=end_of_moment, metavar="TIME", help="As it was then (a date: at the end of that day)."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to write it; it must not be there yet.")
    ] = None,
    config: Config = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Give somebody's page as it came, byte for byte.

    The last one, or that of a time, whether it could be read or not. It goes to FILE or to a pipe; with --json, what
    is known of it is printed instead. What a site wrote is not let loose on a terminal.
    """
    if output is not None and output.exists():
        raise typer.BadParameter(f"{str(output)!r} is there already", param_hint="'--output'")
    if output is None and not as_json and sys.stdout.isatty():
        raise typer.BadParameter(
            "what a page holds may do anything to a terminal; name a file", param_hint="'--output'"
        )
    with open_store(config, database) as store:
        kept = store.raw_page(person, at)
    if output is not None:
        output.write_bytes(kept.page.body)
    if as_json:
        print_json(_as_json(kept, output))
    elif output is None:
        sys.stdout.buffer.write(kept.page.body)
    say(_described(kept, output), as_json=as_json or output is None)


def _as_json(kept: "KeptPage", output: Path | None) -> dict[str, Any]:
    page = kept.page
    return {
        "person": kept.person,
        "profile": kept.profile_url,
        "source": kept.source,
        "observed_at": kept.observed_at.isoformat(),
        "accepted": kept.accepted,
        "url": page.url,
        "status": page.status,
        "headers": dict(page.headers),
        "size": len(page.body),
        "sha256": hashlib.sha256(page.body).hexdigest(),
        "file": str(output) if output is not None else None,
    }


def _described(kept: "KeptPage", output: Path | None) -> str:
    standing = "" if kept.accepted else ", not accepted"
    place = f" → {output}" if output is not None else ""
    size = counted(len(kept.page.body), "byte")
    return f"{kept.person}, {kept.page.url}, {minute(kept.observed_at)}{standing}: {size}{place}"
