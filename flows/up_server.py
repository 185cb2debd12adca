"""What `up` asks of Prefect's server, over its API."""

from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import yaml

from flows.up_place import Place, UpError

POOL = "scholarwatch"
AUTOMATIONS = Path(__file__).parents[1] / "deployments" / "automations.yaml"

_SECONDS = 60.0


def version_of(place: Place) -> str | None:
    """The version of the Prefect server that answers there; None: none does."""
    try:
        with _client(place) as client:
            answer = client.get("/admin/version", timeout=5)
        return str(answer.json()) if answer.is_success else None
    except (httpx.HTTPError, ValueError):
        return None


def is_healthy(place: Place) -> bool:
    """Whether a server answers there, and can do its work."""
    try:
        with _client(place) as client:
            return client.get("/health", timeout=5).is_success
    except httpx.TransportError:
        return False


def make_pool(place: Place) -> None:
    """The work pool of the deployments, if there is none. Raises UpError."""
    with _client(place) as client:
        answer = client.post("/work_pools/", json={"name": POOL, "type": "process"})
        if answer.status_code != httpx.codes.CONFLICT:
            _understood(answer)


def make_automations(place: Place) -> None:
    """The automations of ``deployments/automations.yaml``, as they are written there. Raises UpError."""
    with _client(place) as client:
        there = {one["name"]: one["id"] for one in _understood(client.post("/automations/filter", json={}))}
        for wanted in yaml.safe_load(AUTOMATIONS.read_text("utf-8"))["automations"]:
            if (known := there.get(wanted["name"])) is None:
                _understood(client.post("/automations/", json=wanted))
            else:
                _understood(client.put(f"/automations/{known}", json=wanted))


def is_worker_there(place: Place, name: str, since: datetime) -> bool:
    """Whether the worker of that name has been heard of since a time. Raises UpError."""
    with _client(place) as client:
        workers = _understood(client.post(f"/work_pools/{POOL}/workers/filter", json={}))
    heard = [one["last_heartbeat_time"] for one in workers if one["name"] == name and one["last_heartbeat_time"]]
    return any(datetime.fromisoformat(at) >= since for at in heard)


def _client(place: Place) -> httpx.Client:
    said = place.environment.get("PREFECT_API_AUTH_STRING")
    name, _, password = (said or "").partition(":")
    auth = httpx.BasicAuth(name, password) if said else None
    # A proxy of the environment has nothing to do with a server on this machine.
    return httpx.Client(base_url=place.api, auth=auth, timeout=_SECONDS, trust_env=False)


def _understood(answer: httpx.Response) -> Any:
    """The answer's JSON, None where there is none. Raises UpError for what the server does not like."""
    if answer.is_error:
        asked = f"{answer.request.method} {answer.request.url.path}"
        raise UpError(f"Prefect's server answers {asked} with {answer.status_code}: {answer.text[:500]}")
    return answer.json() if answer.content else None
