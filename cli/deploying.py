"""``deploy``: what runs when, made known to a Prefect server."""

import typer

from cli.options import AsJson
from cli.output import complain, print_json, say


def deploy(as_json: AsJson = False) -> None:
    """Make the schedules known to a Prefect server.

    To the one that is configured: once, and again whenever deployments/prefect.yaml has changed. `scholarwatch up` does
    it by itself.

    Exit code 1: the server does not answer, or does not take them.
    """
    from flows import settings
    from flows.deploy import deploy as make_known
    from flows.up_place import UpError

    server = settings.prefect_server()
    if server is None:
        raise typer.BadParameter("there is no Prefect server: name its API with PREFECT_API_URL")
    try:
        names = make_known(server)
    except UpError as error:
        complain(str(error))
        raise typer.Exit(1) from None
    if as_json:
        print_json({"api": server.api, "deployments": names})
    say(f"{server.api} knows what runs when: {', '.join(names)}.", as_json=as_json)
