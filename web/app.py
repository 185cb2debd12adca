"""The pages as one application: who may come in, what every answer says of itself, what is shown where something fails.

>>> app = create(load(None), lambda: datetime.now(UTC))
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import plotly
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from flows.config.whole import Settings
from flows.redaction import know
from storage.errors import StoreError, UnknownEvent, UnknownPerson, UnknownRun, UnknownSilence, UnknownSnapshot
from storage.store import Store
from web.api.app import PREFIX, create_api
from web.api.problem import problem
from web.desk import Clock, Configuration, Desk
from web.guard import is_known_host, may_enter
from web.pages import PAGES
from web.view import STATIC, view

#: Nothing but what this server sends is shown or run; no page is shown within one of somebody else.
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    # With “no-referrer” browsers send forms with the origin “null”, also to the page they came from.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "private, no-cache",
}
_CHARTS = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
_FOR_LONG = "public, max-age=31536000, immutable"

Next = Callable[[Request], Awaitable[Response]]


def create(
    settings: Settings, clock: Clock, *, token: str | None = None, hosts: frozenset[str] = frozenset()
) -> FastAPI:
    """The application over the database of the settings, which is made where there is none.

    ``token``: what people and programs must bring. ``hosts``: the names that it may be asked by, any if there are none.
    Raises StoreError.
    """
    store = Store.open(settings.database)
    know([token] if token else ())

    @asynccontextmanager
    async def closing(_: FastAPI) -> AsyncIterator[None]:
        yield
        store.close()

    app = FastAPI(title="Scholarwatch", docs_url=None, redoc_url=None, openapi_url=None, lifespan=closing)
    app.state.desk = Desk(store=store, configuration=Configuration(settings), clock=clock, token=token, hosts=hosts)
    for router in PAGES:
        app.include_router(router)
    app.mount(PREFIX, create_api(app.state.desk))
    app.get("/static/plotly.min.js", include_in_schema=False)(_charts)
    app.mount("/static", StaticFiles(directory=STATIC))
    app.middleware("http")(_guarded)
    handlers: dict[Any, Any] = {HTTPException: _refused, RequestValidationError: _misread, Exception: _failed}
    handlers |= dict.fromkeys((UnknownPerson, UnknownEvent, UnknownRun, UnknownSilence, UnknownSnapshot), _unknown)
    handlers |= {StoreError: _failed_store}
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)
    return app


def _charts() -> Response:
    return FileResponse(_CHARTS, media_type="text/javascript", headers={"cache-control": _FOR_LONG})


async def _guarded(request: Request, further: Next) -> Response:
    desk: Desk = request.app.state.desk
    is_for_programs = request.url.path.startswith(f"{PREFIX}/")
    if not is_known_host(request, desk):
        return _dressed(_turned_away(421, "Not a name of this server.", as_problem=is_for_programs))
    if not may_enter(request, desk):
        if request.method == "GET" and not is_for_programs and "text/html" in request.headers.get("accept", ""):
            asked = quote(request.url.path + (f"?{request.url.query}" if request.url.query else ""))
            return _dressed(RedirectResponse(f"/login?to={asked}", 303))
        refused = _turned_away(401, "A token is needed: Authorization: Bearer …", as_problem=is_for_programs)
        refused.headers["www-authenticate"] = "Bearer"
        return _dressed(refused)
    if is_for_programs and "\n" in request.scope["path"]:
        # What chooses the answer takes it for the end of the address.
        return _dressed(problem(400, "There is no line break in an address."))
    return _dressed(await further(request))


def _turned_away(status: int, said: str, *, as_problem: bool) -> Response:
    return problem(status, said) if as_problem else PlainTextResponse(f"{said}\n", status)


def _dressed(response: Response) -> Response:
    """What an answer says already of itself stays."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


# ---- what is shown where something fails


def _refused(request: Request, error: HTTPException) -> Response:
    said = str(error.detail) if error.status_code != 404 or error.detail != "Not Found" else "There is no such page."
    return _error_page(request, error.status_code, said)


def _misread(request: Request, error: RequestValidationError) -> Response:
    wrong = "; ".join(f"{fault['loc'][-1]}: {fault['msg']}" for fault in error.errors()[:3])
    return _error_page(request, 400, f"The address cannot be understood ({wrong}).")


def _unknown(request: Request, error: StoreError) -> Response:
    return _error_page(request, 404, f"{str(error)[:1].upper()}{str(error)[1:]}.")


def _failed_store(request: Request, error: StoreError) -> Response:
    return _error_page(request, 503, f"{str(error)[:1].upper()}{str(error)[1:]}.")


def _failed(request: Request, _: Exception) -> Response:
    return _dressed(_error_page(request, 500, "Something failed here; the server's log has it."))


def _error_page(request: Request, status: int, said: str) -> Response:
    return view(request).show("error.html.j2", status=status, said=said, code=status)
