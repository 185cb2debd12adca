"""Whose certificates are believed."""

import ssl


def tls_context() -> ssl.SSLContext:
    """Those that everybody believes, and those of this machine's own."""
    import httpx

    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context
