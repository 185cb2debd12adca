"""``serve``: the pages."""

import sys
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Annotated

import typer

from cli.options import AsJson, Config, Database
from cli.output import complain, print_json, say

_PORTS_MAX = 65_535


def serve(
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Where to listen; beyond this machine only with a token.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=_PORTS_MAX, help="0 takes a free one.")] = 8710,
    token: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="What must be given to come in (better: $SCHOLARWATCH_TOKEN)."),
    ] = None,
    config: Config = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Show what is recorded as pages in a browser.

    It goes on until it is interrupted. Exit code 2: beyond this machine without a token, or with one that could be
    guessed.
    """
    from flows.settings import load, serve_token
    from web.app import create
    from web.guard import TOKEN_LEAST
    from web.server import listen, serve_on

    asked = serve_token(token)
    if asked is not None and len(asked) < TOKEN_LEAST:
        raise typer.BadParameter(f"must have at least {TOKEN_LEAST} characters", param_hint="'--token'")
    local = is_this_machine(host)
    if not local and asked is None:
        raise typer.BadParameter(
            f"{host} can be reached by others: give a --token, or set $SCHOLARWATCH_TOKEN", param_hint="'--host'"
        )
    settings = load(config, database=database)
    names = frozenset({"localhost", "127.0.0.1", "::1", host}) if local else frozenset()
    try:
        listener = listen(host, port)
    except OSError as error:
        complain(f"cannot listen on {host}, port {port}: {error.strerror or error}")
        raise typer.Exit(1) from None
    with listener:
        app = create(settings, lambda: datetime.now(UTC), token=asked, hosts=names)
        address = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}/"
        if as_json:
            print_json({"url": address, "token": asked is not None})
            sys.stdout.flush()
        say(f"Scholarwatch is at {address} (Ctrl-C ends it).", as_json=as_json)
        serve_on(app, listener)


def is_this_machine(host: str) -> bool:
    """True of an address that nobody else can reach."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
