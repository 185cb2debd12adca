"""What programs are answered where something fails: ``application/problem+json``, RFC 9457."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ConfigDict
from starlette.responses import JSONResponse

from flows.redaction import redacted

MEDIA_TYPE = "application/problem+json"


class Fault(BaseModel):
    """What is wrong with one part of a request."""

    model_config = ConfigDict(extra="forbid")

    #: ``query.limit``, ``body.reason``
    where: str
    what: str


class Problem(BaseModel):
    """Why a request came to nothing."""

    model_config = ConfigDict(extra="forbid")

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    faults: list[Fault] = []


def problem(
    status: int, detail: str, *, faults: Sequence[Fault] = (), headers: Mapping[str, str] | None = None
) -> JSONResponse:
    values = Problem(title=HTTPStatus(status).phrase, status=status, detail=redacted(detail), faults=list(faults))
    left_out = set() if faults else {"faults"}
    return JSONResponse(values.model_dump(exclude=left_out), status, dict(headers or {}), media_type=MEDIA_TYPE)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """How the description of the API says that a request may come to nothing so."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: {"schema": schema}}}
        for status in statuses
    }
