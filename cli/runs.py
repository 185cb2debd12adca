"""``run``, ``run list`` and ``run revert``: checking everybody, what runs did, and taking one back."""

import sys
from typing import Annotated, Any

import typer

from cli.options import AsJson, Config, Database, Now, clock
from cli.output import people_stream, print_json, say
from cli.progress import progress_bar
from cli.running import delivery_bar, exit_by_state, say_delivered
from cli.runs_text import planned_lines, reverted_lines, row_of_run, tracked_lines

runs = typer.Typer(invoke_without_command=True, subcommand_metavar="[COMMAND]")


@runs.callback()
def run(
    context: typer.Context,
    config: Config = None,
    database: Database = None,
    now: Now = None,
    only_due: Annotated[
        bool, typer.Option("--due", help="Only those whose next check has come, by the cadence of the configuration.")
    ] = False,
    scheduled: Annotated[
        bool,
        typer.Option(
            "--scheduled",
            help="As a timer starts it: as --due, and not at all while another run is at work or nobody is due.",
        ),
    ] = False,
    shards: Annotated[
        int,
        typer.Option(
            "--shards",
            min=1,
            metavar="N",
            help="Share the work among N processes, each with hosts of its own. Needs PostgreSQL.",
        ),
    ] = 1,
    as_json: AsJson = False,
) -> None:
    """Check everybody who is followed, and deliver what is new.

    Exit code 1: a page could not be read, or a message not delivered. Nothing is lost: the next run tries again.
    """
    if context.invoked_subcommand is not None:
        if config or database or now or only_due or scheduled or shards > 1 or as_json:
            raise typer.BadParameter(f"options come after the word {context.invoked_subcommand!r}")
        return
    from flows.run import run_deliver, run_track
    from flows.settings import load
    from flows.yesterday import load_or_yesterday

    # Who starts it by hand can mend the configuration, a timer cannot.
    loading = load_or_yesterday if scheduled else load
    settings = loading(config, database=database, stream=people_stream(as_json=as_json))
    moment = clock(now)
    with progress_bar("Checking profiles") as progress:
        tracked = run_track(
            settings,
            moment,
            only_due=only_due or scheduled,
            scheduled_at=moment if scheduled else None,
            shards=shards,
            database=database,
            progress=progress,
        )
    if settings.people:
        for line in tracked_lines(tracked):
            say(line, as_json=as_json)
    else:
        say("Nobody is followed yet. Next: scholarwatch follow URL", as_json=as_json)
    with delivery_bar(settings) as progress:
        delivered = run_deliver(settings, moment, database=database, progress=progress)
    say_delivered(delivered, as_json=as_json)
    if as_json:
        print_json({"track": tracked, "deliver": delivered})
    exit_by_state(tracked, delivered)


@runs.command("list")
def list_(
    config: Config = None,
    database: Database = None,
    number: Annotated[
        int, typer.Option("--number", "-n", min=1, metavar="N", help="So many runs, the newest.", show_default=True)
    ] = 20,
    as_json: AsJson = False,
) -> None:
    """List the newest runs, and what they did."""
    from cli.reading import open_store
    from cli.table import print_table
    from flows.as_json.views import run_json

    with open_store(config, database) as store:
        newest = store.runs(number)
    if as_json:
        for one in newest:
            print_json(run_json(one))
    elif newest:
        print_table(("run", "kind", "of", "state", "what it did"), map(row_of_run, newest))
    else:
        say("No run yet. Next: scholarwatch run")


@runs.command("revert")
def revert(
    run: Annotated[
        str, typer.Argument(metavar="RUN", help="The number of a run, see run list; “latest”: the last that recorded.")
    ],
    config: Config = None,
    database: Database = None,
    now: Now = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be taken back, and change nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Also a run that has no end, if it does not go on.")] = False,
    no_deliver: Annotated[
        bool, typer.Option("--no-deliver", help="Leave the corrections to the next delivery.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Take a run back: everything that it recorded, and what it told.

    What waits to be told of it is dropped, and who was told hears one correction. That the run was, and what it did,
    stays on record. A page that was held back and accepted with this run is held back again. Run again, and what still
    holds is found and told anew.

    Exit code 1: it cannot be taken back, nobody agreed to it, or a correction was not delivered.
    """
    from flows.revert import revert as take_back
    from flows.run import run_deliver
    from flows.settings import load
    from storage.errors import UnknownRun
    from storage.store import Store

    settings = load(config, database=database, stream=people_stream(as_json=as_json))
    moment = clock(now)
    with Store.open_existing(settings.database) as store:
        try:
            asked = store.find_run(run)
        except UnknownRun as unknown:
            raise typer.BadParameter(str(unknown), param_hint="'RUN'") from None
        if dry_run or not yes:
            planned = take_back(store, settings, asked.run_id, moment, force=force, dry_run=True).to_json()
            for line in planned_lines(asked, planned):
                say(line, as_json=as_json)
            if dry_run:
                _print_reverted(planned, None, as_json=as_json)
                return
            _ask(as_json=as_json)
        reverted = take_back(store, settings, asked.run_id, moment, force=force).to_json()
    for line in reverted_lines(reverted):
        say(line, as_json=as_json)
    delivered = None
    if reverted["corrections"] and not no_deliver:
        with delivery_bar(settings) as progress:
            delivered = run_deliver(settings, moment, database=database, progress=progress)
        say_delivered(delivered, as_json=as_json)
    _print_reverted(reverted, delivered, as_json=as_json)
    exit_by_state(*([delivered] if delivered else []))


def _ask(*, as_json: bool) -> None:
    """Go on only if somebody agrees."""
    if not sys.stdin.isatty():
        raise typer.BadParameter("nobody can be asked here: --yes takes the run back, --dry-run only looks")
    if not typer.confirm("Take it back?", err=as_json):
        say("Nothing was taken back.", as_json=as_json)
        raise typer.Exit(1)


def _print_reverted(reverted: dict[str, Any], delivered: dict[str, Any] | None, *, as_json: bool) -> None:
    if as_json:
        print_json({"revert": reverted, "deliver": delivered})
