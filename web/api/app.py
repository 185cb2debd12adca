"""The API as one application, which describes itself at ``openapi.json``."""

from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from flows.config.error import ConfigError
from storage.errors import StoreError, UnknownEvent, UnknownPerson, UnknownRun, UnknownSilence, UnknownWaiting
from web.api import events, exports, feeds, following, outbox, people, quarantine, rules, runs, silences, standing
from web.api.problem import Fault, Problem, problem, problems
from web.api.route import tagged
from web.desk import Desk

PREFIX = "/api/v1"

_RESOURCES = (people, following, events, runs, outbox, silences, quarantine, rules, standing, feeds, exports)
_UNKNOWN = (UnknownPerson, UnknownEvent, UnknownRun, UnknownSilence, UnknownWaiting)


def create_api(desk: Desk) -> FastAPI:
    """To be mounted at `PREFIX`, behind what `web.guard` lets in."""
    wrong = problems(400, 401, 503)
    api = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False, responses=wrong)
    api.state.desk = desk
    for resource in _RESOURCES:
        api.include_router(resource.router)
    api.add_route("/openapi.json", _describing(api), include_in_schema=False)
    handlers: dict[Any, Any] = {HTTPException: _refused, RequestValidationError: _misread, StoreError: _failed_store}
    handlers |= {ConfigError: _unsound, Exception: _failed} | dict.fromkeys(_UNKNOWN, _unknown)
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)
    return api


def _describing(api: FastAPI) -> Callable[[Request], Response]:
    """To write it takes longer than all else at the start: it is done for the first who asks."""
    described = cache(lambda: _described(api))
    return lambda request: tagged(request, JSONResponse(described()))


def _described(api: FastAPI) -> dict[str, Any]:
    described = get_openapi(
        title="Scholarwatch",
        version=version("scholarwatch"),
        summary="What is recorded about people, their papers and metrics; docs/api.md tells how to ask.",
        routes=api.routes,
        servers=[{"url": PREFIX}],
    )
    parts = described["components"]
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    parts["schemas"] |= schema.pop("$defs") | {"Problem": schema}
    parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    described["security"] = [{"token": []}, {}]
    return described


# ---- what is answered where something fails


def _refused(_: Request, error: HTTPException) -> Response:
    said = str(error.detail)
    said = "There is no such thing here." if error.status_code == 404 and said == "Not Found" else said
    return problem(error.status_code, said, headers=error.headers)


def _misread(_: Request, error: RequestValidationError) -> Response:
    faults = [Fault(where=".".join(map(str, one["loc"])), what=one["msg"]) for one in error.errors()[:20]]
    return problem(422, f"{faults[0].where}: {faults[0].what}.", faults=faults)


def _unknown(_: Request, error: StoreError) -> Response:
    return problem(404, _sentence(error))


def _failed_store(_: Request, error: StoreError) -> Response:
    return problem(503, _sentence(error))


def _unsound(_: Request, __: ConfigError) -> Response:
    """What is wrong with the file may be a line with a secret."""
    return problem(503, "The configuration can not be read.")


def _failed(_: Request, __: Exception) -> Response:
    return problem(500, "Something failed here; the server's log has it.")


def _sentence(error: StoreError) -> str:
    return f"{str(error)[:1].upper()}{str(error)[1:]}."
