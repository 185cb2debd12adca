"""The schedules of ``deployments/``, made known to a Prefect server that runs already: as often as they change."""

import subprocess

import httpx
import yaml

from flows.up_parts import ROOT, prefect
from flows.up_place import Server, UpError
from flows.up_server import make_automations, make_pool

_SCHEDULES = ROOT / "deployments" / "prefect.yaml"
#: What ``prefect`` is told.
DEPLOY = ("--no-prompt", "deploy", "--all", "--prefect-file", str(_SCHEDULES))


def look_for_schedules() -> None:
    """Raise UpError where the files are not there that say what runs when."""
    if not _SCHEDULES.is_file():
        raise UpError(f"there is no {_SCHEDULES}: this needs the project's folder, or the container that is made of it")


def deploy(server: Server) -> list[str]:
    """Make the work pool, the automations and the deployments, or change those of these names to what is written.

    Returns the names of the deployments. Raises UpError.
    """
    look_for_schedules()
    try:
        make_pool(server)
        make_automations(server)
    except httpx.HTTPError as error:
        raise UpError(f"no Prefect server answers at {server.api}: {error}") from None
    # It finds the server as we did: by the environment, or the profile that is active.
    done = subprocess.run([prefect(), *DEPLOY], cwd=ROOT, capture_output=True, text=True, errors="replace")
    if done.returncode != 0:
        raise UpError(f"“prefect deploy” ended with exit code {done.returncode}:\n{done.stdout}{done.stderr}")
    return [one["name"] for one in yaml.safe_load(_SCHEDULES.read_text("utf-8"))["deployments"]]
