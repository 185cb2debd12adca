"""``up``: everything that runs by itself, with one command."""

import os
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.options import AsJson, Config, Database, clock
from cli.output import complain, print_json, say


def up(
    config: Config = None,
    database: Database = None,
    host: Annotated[
        str, typer.Option(help="Where Prefect's pages are served; whoever can reach them can start runs.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port of Prefect's pages.")] = 4200,
    home: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="The logs and Prefect's files (default: prefect/ beside the configuration)."
        ),
    ] = None,
    prefect_database: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="Prefect's own database (default: a file in its folder): postgresql+asyncpg://…"
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run Prefect's server, a worker and the schedules here.

    It goes on until Ctrl-C, and prints the server's address once all of it runs.

    Exit code 1: a part could not be started or has ended by itself; 2: the configuration is wrong.
    """
    from flows import settings
    from flows.up import Place, UpError
    from flows.up import up as all_up

    own = settings.load(config, database=database)
    file = own.config_path.absolute()
    # Whoever stops a service sends SIGTERM: the parts are ended in their order then too.
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        place = Place(
            home=(home or file.parent / "prefect").absolute(),
            host=host,
            port=port,
            environment=settings.surroundings(file, own.database),
            prefect_database=settings.prefect_database(prefect_database, own.database),
        )
        with all_up(place, clock(None), lambda text: say(text, as_json=as_json)) as wait:
            if as_json:
                print_json({"address": place.address, "api": place.api, "home": str(place.home), "pid": os.getpid()})
            say(f"Up: {place.address} shows the schedules and their runs. Logs are in {place.home}.", as_json=as_json)
            say(f"To let other commands run there: export PREFECT_API_URL={place.api}", as_json=as_json)
            say("Ctrl-C ends it all.", as_json=as_json)
            # Whoever reads the address in a pipe is not to wait for the end.
            sys.stdout.flush()
            wait()
    except UpError as error:
        complain(str(error))
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        say("Down.", as_json=as_json)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
