"""``scholarwatch``: the verbs, and what becomes of an error.

Exit codes: 0 fine, 1 something failed, 2 wrong use (an option, the configuration). Modules that take long to import
are imported by the verb that needs them: ``--help`` answers at once.
"""

import sys

import typer

from cli import demo, following, parsing, quarantine, reading, running
from cli.output import inert_lines

app = typer.Typer(
    name="scholarwatch",
    help="Follows researchers' profile pages, and tells people of new papers and changed metrics.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command()(following.init)
app.command()(following.follow)
app.command()(running.run)
app.command()(running.deliver)
app.command()(reading.people)
app.command()(reading.show)
app.command()(reading.events)
app.command()(reading.status)
app.command()(parsing.parse)
app.command()(demo.demo)
app.add_typer(running.notify, name="notify")
app.add_typer(quarantine.quarantine, name="quarantine")


def main() -> None:
    """The console script."""
    from flows.config.error import ConfigError
    from storage.errors import StoreError, UnknownPerson

    try:
        app()
    except (ConfigError, UnknownPerson) as error:
        _fail(str(error), 2)
    except StoreError as error:
        _fail(str(error), 1)


def _fail(text: str, code: int) -> None:
    print(inert_lines(f"scholarwatch: {text}"), file=sys.stderr)
    sys.exit(code)
