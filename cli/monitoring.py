"""``metrics``: what a program that watches this one is told, once or whenever it asks."""

import re
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.options import AsJson, Config, Database, Now, clock
from cli.output import print_json, say

_ADDRESS = re.compile(r"(?P<host>\[[0-9A-Fa-f:]+\]|[A-Za-z0-9_.-]+):(?P<port>\d{1,5})")


def metrics(
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write them to this file at once, for node_exporter's textfile collector.",
        ),
    ] = None,
    listen: Annotated[
        str | None,
        typer.Option(
            metavar="HOST:PORT",
            help="Go on, and answer /metrics, /health, /healthz and /readyz there, such as 127.0.0.1:9090.",
        ),
    ] = None,
    config: Config = None,
    database: Database = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """Measure how things stand, for Prometheus or another program.

    Exit code 1: the database cannot be had, or is of another version; nothing is changed.
    """
    from flows.monitor import Monitor

    monitor = Monitor(config, database)
    if listen is not None:
        if output is not None or as_json or now is not None:
            raise typer.BadParameter("goes with no other output and no time", param_hint="'--listen'")
        _serve(monitor, *_address(listen))
        return
    if output is not None:
        from flows.export.whole_file import whole_file

        with whole_file(output) as file:
            file.write(monitor.metrics(clock(now)))
        if as_json:
            print_json({"output": str(output)})
        say(f"{output} is written.", as_json=as_json)
    elif as_json:
        print_json({"metrics": [_family_json(family) for family in monitor.measured(clock(now)).collect()]})
    else:
        say(monitor.metrics(clock(now)).decode().rstrip("\n"))


def _address(text: str) -> tuple[str, int]:
    match = _ADDRESS.fullmatch(text)
    if match is None or not 0 < int(match["port"]) < 65536:
        raise typer.BadParameter(f"{text!r} is no address; write 127.0.0.1:9090", param_hint="'--listen'")
    return match["host"].strip("[]"), int(match["port"])


def _serve(monitor: Any, host: str, port: int) -> None:
    import uvicorn

    from cli.monitor_app import monitor_app

    say(f"Answering at http://{host}:{port}/metrics until interrupted.")
    uvicorn.run(monitor_app(monitor), host=host, port=port, log_level="warning", access_log=False)


def _family_json(family: Any) -> dict[str, Any]:
    samples = [{"labels": sample.labels, "value": sample.value} for sample in family.samples]
    return {"name": family.name, "help": family.documentation, "samples": samples}
