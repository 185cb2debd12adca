"""When two URLs are the same page, as web archives see it."""

import re
from urllib.parse import SplitResult, quote, urlsplit

_DEFAULT_PORTS = (80, 443)
_WWW = re.compile(r"www\d*\.(?=[^.]+\.)")
_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
#: All that may stand in a path or a query as it is.
_AS_IT_IS = "%/?:@!$&'()*+,;=~[]"


def url_key(url: str) -> str:
    """What is the same for all URLs of one page: ``example.org/author/1?a=1&b=2``.

    Scheme (http or https), user, ``www.``, default port, trailing slashes, fragment, the order of the query's parts
    and the way in which a character is escaped do not matter; upper and lower case in path and query do, for keys of
    profiles are told apart by it. What is no http URL is its own key.
    """
    try:
        parts = urlsplit(url.strip())
        host = _host(parts)
    except ValueError:
        return url
    if parts.scheme not in ("http", "https") or not host:
        return url
    query = "&".join(sorted(part for part in _same_escapes(parts.query).split("&") if part))
    return host + _same_escapes(parts.path).rstrip("/") + (f"?{query}" if query else "")


def _host(parts: SplitResult) -> str:
    """Host with its port, if that says anything. Raises ValueError for a port that is no number."""
    host = _WWW.sub("", (parts.hostname or "").rstrip("."), count=1)
    if ":" in host:
        host = f"[{host}]"
    return host if parts.port is None or parts.port in _DEFAULT_PORTS else f"{host}:{parts.port}"


def _same_escapes(text: str) -> str:
    return _ESCAPE.sub(_escape, quote(text, safe=_AS_IT_IS, errors="replace"))


def _escape(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return character if _UNRESERVED.fullmatch(character) else match[0].upper()
