"""Personal pages are followed at their own URLs."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php)$", re.IGNORECASE)
_OF_A_CAMPAIGN = ("utm_", "fbclid", "gclid")


def profile_key(url: str) -> str:
    """Host and path, ``www.example.edu/~ada``, with the query where there is one; the scheme makes no difference.

    Raises ValueError for what is no URL of a page.
    """
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"no page in this URL: {url}")
    query = sorted(
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not name.startswith(_OF_A_CAMPAIGN)
    )
    place = authority_of(url) + _INDEX.sub("/", parts.path).rstrip("/")
    return f"{place}?{urlencode(query)}" if query else place


def authority_of(url: str) -> str:
    """``www.example.edu``, or with the port where it is not the scheme's own. Raises ValueError for a bad port."""
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    return host if parts.port in (None, {"http": 80, "https": 443}.get(parts.scheme)) else f"{host}:{parts.port}"
