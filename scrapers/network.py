"""What stands between a request and the network."""

import ssl

import httpx

#: Longer than the gap between two requests to one host, so that the connection is still there.
_KEEPALIVE_SECONDS = 60.0


def network_transport(tls: ssl.SSLContext | None = None) -> httpx.AsyncHTTPTransport:
    """The transport of a `Fetcher` that asks the real network: HTTP/2 where it is offered, HTTP/1.1 elsewhere.

    ``tls`` says which certificates are believed; without it, those of the certifi bundle.
    """
    return httpx.AsyncHTTPTransport(
        verify=tls or httpx.create_ssl_context(trust_env=False),
        trust_env=False,
        http2=True,
        # How many connections a host bears is the pacer's business.
        limits=httpx.Limits(keepalive_expiry=_KEEPALIVE_SECONDS),
    )
