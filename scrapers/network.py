"""What stands between a request and the network."""

import ssl
from collections.abc import Collection, Mapping
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpcore
import httpx

from scrapers.dialling import CheckedDialling, Resolve, look_up

#: Longer than the gap between two requests to one host, so that the connection is still there.
_KEEPALIVE_SECONDS = 60.0


def network_transport(
    tls: ssl.SSLContext | None = None,
    *,
    private_hosts: Collection[str] = (),
    resolve: Resolve = look_up,
    network: httpcore.AsyncNetworkBackend | None = None,
) -> httpx.AsyncHTTPTransport:
    """The transport of a `Fetcher` that asks the real network: HTTP/2 where it is offered, HTTP/1.1 elsewhere.

    ``tls`` says which certificates are believed; without it, those of the certifi bundle. ``private_hosts`` are names
    (``host`` or ``host:port``) that may lead to private addresses. ``resolve`` looks names up, and ``network``
    connects to the addresses.
    """
    dialling = CheckedDialling(network or httpcore.AnyIOBackend(), resolve=resolve, private_hosts=private_hosts)
    return _CheckedTransport(tls or _certifi(), dialling)


@cache
def _certifi() -> ssl.SSLContext:
    """One for all clients of a process: to read the bundle takes as long as to read some pages."""
    return httpx.create_ssl_context(trust_env=False)


class _CheckedTransport(httpx.AsyncHTTPTransport):
    def __init__(self, tls: ssl.SSLContext, dialling: CheckedDialling) -> None:
        super().__init__(verify=tls, trust_env=False)
        # httpx has no argument for how connections are made; httpcore, which makes them, has. How many connections a
        # host bears is the pacer's business.
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls,
            max_connections=None,
            keepalive_expiry=_KEEPALIVE_SECONDS,
            http2=True,
            network_backend=dialling,
        )


def forgetful_client(
    transport: httpx.AsyncBaseTransport, headers: Mapping[str, str], *, idle_timeout_seconds: float
) -> httpx.AsyncClient:
    """A client that keeps nothing between two requests but open connections: no cookies, no environment."""
    return httpx.AsyncClient(
        transport=transport,
        headers=httpx.Headers(dict(headers), encoding="utf-8"),
        cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
        timeout=httpx.Timeout(idle_timeout_seconds, pool=None),
        trust_env=False,
    )
