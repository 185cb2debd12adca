"""What `up` and `deploy` ask of Prefect's server, over its API."""

import time
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import yaml

from flows.config.hosts import is_loopback
from flows.up_place import Server, UpError

POOL = "scholarwatch"
AUTOMATIONS = Path(__file__).parents[1] / "deployments" / "automations.yaml"

_SECONDS = 60.0
_BUSY_SECONDS = 60.0
_PAUSE_SECONDS = 0.5


def version_of(server: Server) -> str | None:
    """The version of the Prefect server that answers there; None: none does."""
    try:
        with _client(server) as client:
            answer = client.get("/admin/version", timeout=5)
        return str(answer.json()) if answer.is_success else None
    except (httpx.HTTPError, ValueError):
        return None


def is_healthy(server: Server) -> bool:
    """Whether a server answers there, and can do its work."""
    try:
        with _client(server) as client:
            return client.get("/health", timeout=5).is_success
    except httpx.TransportError:
        return False


def make_pool(server: Server) -> None:
    """The work pool of the deployments, if there is none. Raises UpError."""
    _post(server, "/work_pools/", {"name": POOL, "type": "process"}, also=httpx.codes.CONFLICT)


def make_automations(server: Server) -> None:
    """The automations of ``deployments/automations.yaml``, as they are written there. Raises UpError."""
    there = {one["name"]: one["id"] for one in _post(server, "/automations/filter", {})}
    for wanted in yaml.safe_load(AUTOMATIONS.read_text("utf-8"))["automations"]:
        if (known := there.get(wanted["name"])) is None:
            _post(server, "/automations/", wanted)
        else:
            _ask(server, "PUT", f"/automations/{known}", wanted)


def is_worker_there(server: Server, name: str, since: datetime) -> bool:
    """Whether the worker of that name has been heard of since a time. Raises UpError."""
    workers = _post(server, f"/work_pools/{POOL}/workers/filter", {})
    heard = [one["last_heartbeat_time"] for one in workers if one["name"] == name and one["last_heartbeat_time"]]
    return any(datetime.fromisoformat(at) >= since for at in heard)


def _post(server: Server, path: str, body: object, *, also: int | None = None) -> Any:
    return _ask(server, "POST", path, body, also=also)


def _ask(server: Server, method: str, path: str, body: object, *, also: int | None = None) -> Any:
    """The answer's JSON, None where there is none. Raises UpError for a status that is neither good nor ``also`` taken.

    A server on SQLite says 503 while its database is locked.
    """
    deadline = time.monotonic() + _BUSY_SECONDS
    with _client(server) as client:
        while True:
            answer = client.request(method, path, json=body)
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE or time.monotonic() > deadline:
                break
            time.sleep(_PAUSE_SECONDS)
    if answer.is_error and answer.status_code != also:
        said = answer.text[:500]
        raise UpError(f"Prefect's server answers {method} {path} with {answer.status_code}: {said}")
    return answer.json() if answer.content else None


def _client(server: Server) -> httpx.Client:
    name, _, password = server.auth.partition(":")
    auth = httpx.BasicAuth(name, password) if server.auth else None
    # A proxy of the environment has nothing to do with a server on this machine.
    is_elsewhere = not is_loopback(urlsplit(server.api).netloc)
    return httpx.Client(base_url=server.api, auth=auth, timeout=_SECONDS, trust_env=is_elsewhere)
