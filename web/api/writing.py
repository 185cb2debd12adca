"""Requests that change something: from a program with the token, or from a page of ours, never from one of others.

A browser sends its cookies along whoever asks it to. So where no ``Authorization: Bearer`` comes with a request, it has
to say that it is JSON, which no form can and no page of somebody else may without asking first; it must not come from
another site; and where there is a token to know, it brings the form token of our pages in ``X-Form-Token``.
"""

from urllib.parse import urlsplit

from fastapi import Depends, HTTPException
from starlette.requests import Request

from web.api.route import AtDesk
from web.guard import is_our_form

_JSON = "application/json"


def _ours(request: Request, desk: AtDesk) -> None:
    """Raises HTTPException for a request that may come from a page of somebody else, or holds no JSON."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _JSON:
        raise HTTPException(415, f"What changes something is sent as {_JSON}.")
    if request.headers.get("authorization", "").lower().startswith("bearer "):
        # It was looked at before: `web.guard.may_enter`. No page of others can send it.
        return
    is_foreign = request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")
    origin = request.headers.get("origin")
    if is_foreign or (origin is not None and urlsplit(origin).netloc != request.headers.get("host")):
        raise HTTPException(403, "This was sent from a page of another site.")
    if desk.token is not None and not is_our_form(request, request.headers.get("x-form-token", "")):
        raise HTTPException(403, "With a cookie, X-Form-Token has to hold what the form token of our pages is.")


#: For every operation that changes something.
ours = [Depends(_ours)]
