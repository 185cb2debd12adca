"""``replay``: stored pages through today's parsers."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any

import typer

from cli.options import AsJson, Config, Database, Now, clock, end_of_moment, moment
from cli.output import as_words, counted, minute, people_stream, print_json, say, spaced
from cli.progress import progress_bar
from cli.reading import open_store

#: Of a long value, as much is shown as tells where it differs.
_VALUE_MAX = 60
_BEFORE_DIFFERENCE = 20


def replay(
    source: Annotated[
        str | None, typer.Option(metavar="SOURCE", help="Pages of this source only; a wrong name lists them all.")
    ] = None,
    person: Annotated[str | None, typer.Option(metavar="PERSON", help="Pages of this person only.")] = None,
    since: Annotated[
        datetime | None, typer.Option(parser=moment, metavar="TIME", help="Observed at this time or later.")
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(parser=end_of_moment, metavar="TIME", help="Observed by this time (a date: by its end)."),
    ] = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Record what is read now. Nobody is told of it, but of pages read at last.")
    ] = False,
    config: Config = None,
    database: Database = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """Read stored pages again with today's parsers.

    Every fact that would differ is reported, by field and with examples. Pages that could not be read when they came
    are tried as well: what they show is told as on its day. Exit code 1: there is something to record and --apply was
    not given, or a page that was read once cannot be read any more.
    """
    from flows.replay import replay as replay_pages
    from flows.settings import load

    _check_source(source)
    settings = load(config, database=database, stream=people_stream(as_json=as_json)) if apply else None
    with open_store(config, database) as store, progress_bar("Reading pages again") as progress:
        manifest = replay_pages(
            store,
            clock(now),
            source=source,
            person=person,
            since=since,
            until=until,
            record=settings,
            progress=progress,
        ).to_json()
    if as_json:
        print_json(manifest)
    for line in _lines(manifest):
        say(line, as_json=as_json)
    if manifest["failed"] or (not apply and (manifest["different"] or manifest["unread"]["readable"])):
        raise typer.Exit(1)


def _check_source(name: str | None) -> None:
    from alerts.setting import suggestion
    from scrapers.registry import SOURCES

    if name is not None and name not in SOURCES:
        raise typer.BadParameter(f"no source is called {name!r}; {suggestion(name, SOURCES)}", param_hint="'--source'")


def _lines(manifest: dict[str, Any]) -> Iterator[str]:
    """The manifest for people."""
    unread = manifest["unread"]
    if not manifest["pages"] and not unread["readable"] + unread["unreadable"]:
        yield "No such page is stored."
        return
    seconds = manifest["elapsed_seconds"]
    yield f"{counted(manifest['pages'], 'stored page')} in {seconds:.1f} s: {_counts(manifest) or 'none'}."
    yield from _unreadable(manifest)
    yield from _unread(unread)
    for report in manifest["fields"]:
        yield ""
        yield f"{spaced(report['field'])}: {_changes(report)}, on {counted(report['profiles'], 'profile')}"
        for example in report["examples"]:
            yield f"  {_example(example)}"
    if manifest["same_version"]:
        yield ""
        yield (
            f"{counted(manifest['same_version'], 'page')} of these had been read by the same version of the parser: "
            "it was changed and its number was not."
        )
    if manifest["different"] or unread["readable"]:
        yield ""
        yield _ending(manifest)


def _unread(unread: dict[str, Any]) -> Iterator[str]:
    """What has become of the pages that could not be read when they came."""
    pages = unread["readable"] + unread["unreadable"]
    if not pages:
        return
    words = {"readable": "can be read now", "unreadable": "still cannot"}
    counts = ", ".join(f"{unread[name]:,} {text}" for name, text in words.items() if unread[name])
    yield f"{counted(pages, 'page')} could not be read when {'it' if pages == 1 else 'they'} came: {counts}."
    if unread["recorded"]:
        yield f"  recorded: {as_words(unread['recorded'])}"


def _ending(manifest: dict[str, Any]) -> str:
    if not manifest["applied"]:
        return "Nothing was recorded; --apply does that."
    waiting = manifest["undelivered"]
    if not waiting:
        return "Recorded; nobody is told."
    return f"Recorded; {counted(waiting, 'event waits', 'events wait')} to be delivered: scholarwatch deliver"


def _counts(manifest: dict[str, Any]) -> str:
    words = {"same": "read as before", "different": "differ", "failed": "cannot be read any more", "retired": "let go"}
    return ", ".join(f"{manifest[name]:,} {text}" for name, text in words.items() if manifest[name])


def _unreadable(manifest: dict[str, Any]) -> Iterator[str]:
    for failure in manifest["failures"]:
        place = f"{failure['person']}, {_minute(failure['observed_at'])}"
        yield f"  {spaced(failure['outcome'])}: {place}: {failure['detail']}"
    unlisted = manifest["failed"] - len(manifest["failures"])
    if unlisted:
        yield f"  and {unlisted:,} more that cannot be read any more"


def _changes(report: dict[str, Any]) -> str:
    words = {"changes": "changed", "appears": "appeared", "vanishes": "vanished"}
    return ", ".join(f"{report[name]:,} {text}" for name, text in words.items() if report[name])


def _example(example: dict[str, Any]) -> str:
    before, after = _excerpts(_text(example["before"]), _text(example["after"]))
    paper = f" {_shortened(example['paper'])}:" if example["paper"] else ""
    return f"{example['person']}, {_minute(example['observed_at'])}:{paper} {before} → {after}"


def _excerpts(before: str, after: str) -> tuple[str, str]:
    """Both values, each from a little before the place where they part if it is long."""
    shorter = min(len(before), len(after))
    parting = next((place for place in range(shorter) if before[place] != after[place]), shorter)
    start = max(0, parting - _BEFORE_DIFFERENCE) if max(len(before), len(after)) > _VALUE_MAX else 0
    return _shortened(before, start), _shortened(after, start)


def _shortened(text: str, start: int = 0) -> str:
    end = start + _VALUE_MAX
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


def _text(value: object) -> str:
    match value:
        case None:
            return "–"
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case list():
            return ", ".join(map(str, value)) or "–"
    return str(value)


def _minute(iso: str) -> str:
    return minute(datetime.fromisoformat(iso))
