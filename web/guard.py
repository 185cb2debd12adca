"""Who may come in, and which forms are ours.

Without a token everybody may who can reach the address, which is this machine alone; a page of somebody else that has
its own name lead here is refused by the name. Where there is a token, programs bring it in the header
``Authorization: Bearer …``, and people who gave it once have a cookie that says so: a time and a seal over it.
"""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from starlette.requests import Request

from web.desk import Desk

SESSION, FORM = "scholarwatch_session", "scholarwatch_form"
#: So long nobody is asked for the token again.
SESSION_LASTS = timedelta(days=30)
#: A shorter token could be guessed.
TOKEN_LEAST = 16

#: Pages that are there for everybody.
_OPEN = ("/login", "/static/")


def is_known_host(request: Request, desk: Desk) -> bool:
    """True where the request is for a name of ours."""
    return not desk.hosts or (urlsplit(f"//{request.headers.get('host', '')}").hostname or "") in desk.hosts


def may_enter(request: Request, desk: Desk) -> bool:
    return desk.token is None or request.url.path.startswith(_OPEN) or is_signed_in(request, desk)


def is_signed_in(request: Request, desk: Desk) -> bool:
    """True where the request brings the token, or the proof that it was given."""
    if desk.token is None:
        return True
    kind, _, brought = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return is_token(brought.strip(), desk.token)
    begun, _, seal = request.cookies.get(SESSION, "").partition(".")
    if not begun.isascii() or not begun.isdecimal() or len(begun) > 12:
        return False
    age = desk.clock() - datetime.fromtimestamp(int(begun), UTC)
    return hmac.compare_digest(_seal(begun, desk.token), seal) and -timedelta(days=1) <= age <= SESSION_LASTS


def is_token(brought: str, token: str) -> bool:
    return hmac.compare_digest(brought.encode(), token.encode())


def session(token: str, now: datetime) -> str:
    """The value of the cookie of somebody who has given the token."""
    begun = str(int(now.timestamp()))
    return f"{begun}.{_seal(begun, token)}"


def _seal(begun: str, token: str) -> str:
    return hmac.new(token.encode(), f"session {begun}".encode(), hashlib.sha256).hexdigest()


def is_our_form(request: Request, sent: str) -> bool:
    """True where a form came from a page of ours: it holds what the cookie does, and no other site has sent it."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        return False
    kept = request.cookies.get(FORM, "")
    return bool(kept) and hmac.compare_digest(kept.encode(), sent.encode())
