"""``scholarwatch``: the verbs, and what becomes of an error.

Exit codes: 0 fine, 1 something failed, 2 wrong use (an option, the configuration), 130 interrupted. Modules that take
long to import are imported by the verb that needs them: ``--help`` answers at once.
"""

import gc
import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from cli import (
    demo,
    deploying,
    exporting,
    filling,
    following,
    history,
    keeping,
    monitoring,
    outbox,
    papers,
    parsing,
    planning,
    proving,
    quarantine,
    raw_page,
    reading,
    replaying,
    rules,
    running,
    runs,
    serving,
    silences,
    sources,
    up,
    watching,
    why,
)
from cli.output import complain, replace_what_cannot_be_encoded
from flows.logs import LogFormat, log_error, start_logging, wish_of
from flows.redaction import redacted_traceback

#: What a shell expects of a program that was interrupted.
_INTERRUPTED = 130


class _Verbs(TyperGroup):
    """``run`` stands where it is needed first: what has verbs of its own would come after all that has none."""

    def list_commands(self, ctx: Any) -> list[str]:
        names = super().list_commands(ctx)
        names.remove("run")
        return [*names[: names.index("deliver")], "run", *names[names.index("deliver") :]]


app = typer.Typer(
    name="scholarwatch",
    cls=_Verbs,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    # Plain help and errors: whole lines, in any encoding, that can be searched and copied.
    rich_markup_mode=None,
    add_completion=False,
)
app.command()(following.init)
app.command()(following.follow)
app.command()(planning.plan)
app.command()(planning.apply)
app.command()(running.deliver)
app.command()(running.digest)
app.command()(watching.watch)
app.command()(reading.people)
app.command()(reading.show)
app.command()(reading.events)
app.command()(history.history)
app.command()(why.why)
app.command()(why.why_not)
app.command()(why.ack)
app.command()(silences.mute)
app.command()(proving.verify)
app.command()(reading.status)
app.command()(monitoring.metrics)
app.command()(filling.backfill)
app.command()(replaying.replay)
app.command()(exporting.export)
app.command()(exporting.merge)
app.command()(keeping.backup)
app.command()(keeping.restore)
app.command()(keeping.prune)
app.command()(keeping.vacuum)
app.command()(parsing.parse)
app.command()(raw_page.page)
app.command()(serving.serve)
app.command()(up.up)
app.command()(deploying.deploy)
app.command()(demo.demo)
app.add_typer(runs.runs, name="run")
app.add_typer(running.notify, name="notify")
app.add_typer(outbox.outbox, name="outbox")
app.add_typer(silences.silence, name="silence")
app.add_typer(quarantine.quarantine, name="quarantine")
app.add_typer(rules.rules, name="rules")
app.add_typer(papers.papers, name="papers")
app.add_typer(sources.sources, name="sources")


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"scholarwatch {version('scholarwatch')}")
        raise typer.Exit


@app.callback()
def scholarwatch(
    _: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
    log_format: Annotated[
        LogFormat | None,
        typer.Option(
            "--log-format", envvar="SCHOLARWATCH_LOG_FORMAT", help="Log what is done, on standard error or in a file."
        ),
    ] = None,
    log_file: Annotated[
        Path | None,
        typer.Option(
            "--log-file",
            envvar="SCHOLARWATCH_LOG_FILE",
            metavar="FILE",
            help="Log to the end of this file.",
        ),
    ] = None,
) -> None:
    """Follows researchers' profile pages, and tells people of new papers and changed metrics.

    To begin: init, then follow URL, then run. To see it at work on made-up pages: demo.
    """
    start_logging(wish_of(log_format, log_file))


def main() -> None:
    """The console script."""
    # Imports make many objects that stay: as often as by default, the collector would look through them in vain.
    gc.set_threshold(100_000, 20, 20)
    replace_what_cannot_be_encoded()
    code = _flushed(_exit_code())
    # The interpreter ends by looking for garbage several times, among all that was ever imported.
    gc.freeze()
    sys.exit(code)


@cache
def _command() -> Callable[..., Any]:
    """Made of all that is registered above, which takes a while, and once is enough for a process."""
    return typer.main.get_command(app)


def _exit_code() -> int:
    from flows.config.error import ConfigError
    from storage.errors import StoreError, UnknownPerson

    try:
        _command()(prog_name="scholarwatch")
    except SystemExit as end:
        if end.code == _INTERRUPTED:
            complain("interrupted; what was recorded so far stays")
        return int(end.code or 0)
    except ConfigError as error:
        complain(str(error))
        log_error(error.public)
        return 2
    except UnknownPerson as error:
        complain(str(error) if error.candidates else f"{error}; `scholarwatch people --all` lists everybody")
        return 2
    except StoreError as error:
        _fail(str(error))
    except OSError as error:
        _fail(f"{error.filename or 'cannot go on'}: {error.strerror or error}")
    except Exception as error:  # noqa: BLE001 - a mistake of the program, shown as Python would but for secrets
        print(redacted_traceback(error), end="", file=sys.stderr)
        log_error(f"{type(error).__name__}: {error}", error)
    return 1


def _fail(text: str) -> None:
    complain(text)
    log_error(text)


def _flushed(code: int) -> int:
    """The exit code, after all output is out; another one when it could not be written."""
    if sys.stdout is None:
        return code
    try:
        sys.stdout.flush()
    except OSError as error:
        # What is left in the buffer must not be tried again when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            complain(f"cannot write: {error.strerror}")
        return code or 1
    return code
