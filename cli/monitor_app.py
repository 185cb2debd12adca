"""The endpoints of ``metrics --listen``, for Prometheus and for whoever starts and restarts processes.

/healthz    the process is alive
/readyz     the database answers, and has the schema of this program
/health     what status says, as JSON; 503 where somebody has to look
/metrics    for Prometheus
"""

from collections.abc import Callable
from datetime import UTC, datetime

from fastapi import FastAPI
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from flows.config.error import ConfigError
from flows.monitor import Monitor
from storage.errors import StoreError

_UNAVAILABLE = 503


def monitor_app(monitor: Monitor, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> FastAPI:
    """An application that answers from what is stored at the time of the question."""
    app = FastAPI(title="Scholarwatch", openapi_url=None)

    @app.exception_handler(StoreError)
    @app.exception_handler(ConfigError)
    async def unavailable(_: object, error: Exception) -> Response:
        return PlainTextResponse(f"{error}\n", status_code=_UNAVAILABLE)

    @app.get("/healthz")
    async def alive() -> Response:
        return PlainTextResponse("alive\n")

    # What asks the database runs beside the loop.
    @app.get("/readyz")
    def ready() -> Response:
        monitor.be_ready()
        return PlainTextResponse("ready\n")

    @app.get("/health")
    def health() -> Response:
        found = monitor.health(clock())
        return JSONResponse(found.to_json(), status_code=200 if found.is_well else _UNAVAILABLE)

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(monitor.metrics(clock()), media_type=CONTENT_TYPE_PLAIN_0_0_4)

    return app
