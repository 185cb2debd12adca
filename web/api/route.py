"""How a request is taken and an answer given: no parameter that nobody knows, no secret, a tag for the next time."""

import hashlib
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from flows.redaction import redacted
from web.desk import Desk

_TEXTS = ("text/", "json", "xml")


class Route(APIRoute):
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        known = {parameter.alias for parameter in self.dependant.query_params}

        async def answer(request: Request) -> Response:
            if unknown := sorted(request.query_params.keys() - known):
                # One that is mistyped would choose everything.
                there = f"there are: {', '.join(sorted(known))}" if known else "there are none here"
                raise HTTPException(422, f"No parameter is called “{unknown[0][:40]}”; {there}.")
            return tagged(request, _without_secrets(await handle(request)))

        return answer


def _without_secrets(response: Response) -> Response:
    """What is sent piece by piece are tables of what sites wrote, in which there are none."""
    media_type = response.headers.get("content-type", "")
    if not hasattr(response, "body") or not any(kind in media_type for kind in _TEXTS):
        return response
    text = bytes(response.body).decode()
    if (clean := redacted(text)) != text:
        response.body = clean.encode()
        response.headers["content-length"] = str(len(response.body))
    return response


def tagged(request: Request, response: Response) -> Response:
    """The answer with its tag, or 304 where the caller has it already. What is sent piece by piece has none."""
    if request.method != "GET" or response.status_code != 200 or not hasattr(response, "body"):
        return response
    etag = f'"{hashlib.blake2b(response.body, digest_size=16).hexdigest()}"'
    if is_had(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers={"etag": etag})
    response.headers["etag"] = etag
    return response


def is_had(if_none_match: str, etag: str) -> bool:
    """True where the header names the tag, strong or weak (RFC 9110, section 13.1.2)."""
    named = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return etag in named or named == ["*"]


def desk(request: Request) -> Desk:
    found: Desk = request.app.state.desk
    return found


AtDesk = Annotated[Desk, Depends(desk)]


def resource(tag: str) -> APIRouter:
    """A router for one resource."""
    return APIRouter(route_class=Route, tags=[tag])
