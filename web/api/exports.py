"""What is stored, for other programs: as tables, as lines of JSON, as a bibliography; sent as it is read."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from fastapi import HTTPException, Query
from starlette.responses import StreamingResponse

from flows.export.streaming import stream_export
from flows.export.wanted import ExportError, Format, Wanted
from storage.errors import StoreError, UnknownPerson, UnknownRun
from tracking.exported import Table
from web.api.problem import problems
from web.api.route import AtDesk, resource
from web.api.values import Name
from web.desk import Desk

router = resource("exports")

_MEDIA_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.PARQUET: "application/vnd.apache.parquet",
    Format.JSONL: "application/jsonl",
    Format.BIBTEX: "application/x-bibtex",
}
_WRONG = problems(404, 422, 501)

People = Annotated[list[Name], Query(description="Of this person only; may be given more than once.")]
Tags = Annotated[list[Name], Query(description="Of people with this tag; may be given more than once.")]


def _answer(*formats: Format) -> dict[int | str, dict[str, Any]]:
    content: dict[str, Any] = {_MEDIA_TYPES[form].partition(";")[0]: {"schema": {}} for form in formats}
    return {200: {"description": "Sent as it is read.", "content": content}}


@router.get("/exports/{table}.csv", response_class=StreamingResponse, responses=_answer(Format.CSV) | _WRONG)
def spreadsheet(desk: AtDesk, table: Table, person: People = [], tag: Tags = []) -> StreamingResponse:  # noqa: B006
    """One table, as a spreadsheet takes it."""
    return _table(desk, Format.CSV, table, person, tag)


@router.get("/exports/{table}.parquet", response_class=StreamingResponse, responses=_answer(Format.PARQUET) | _WRONG)
def data_frame(desk: AtDesk, table: Table, person: People = [], tag: Tags = []) -> StreamingResponse:  # noqa: B006
    """One table, as a data frame takes it."""
    return _table(desk, Format.PARQUET, table, person, tag)


@router.get("/exports/everything.jsonl", response_class=StreamingResponse, responses=_answer(Format.JSONL) | _WRONG)
def lines(
    desk: AtDesk,
    table: Annotated[list[Table], Query(description="This table only; may be given more than once.")] = [],  # noqa: B006
    person: People = [],  # noqa: B006
    tag: Tags = [],  # noqa: B006
    since: Annotated[
        int | None, Query(ge=0, le=2**31 - 1, description="Only what changed after the run that an export names.")
    ] = None,
) -> StreamingResponse:
    """Everything, exact; with ``since`` what ``scholarwatch merge`` brings an earlier export up to date with."""
    wanted = Wanted(
        format=Format.JSONL,
        out=None,
        tables=tuple(one for one in Table if not table or one in table),
        people=tuple(person),
        tags=tuple(tag),
        since=since,
        streamed=True,
    )
    return _sent(desk, wanted, "scholarwatch.jsonl")


@router.get("/exports/papers.bib", response_class=StreamingResponse, responses=_answer(Format.BIBTEX) | _WRONG)
def bibliography(desk: AtDesk, person: People = [], tag: Tags = []) -> StreamingResponse:  # noqa: B006
    """The papers that are listed now, each once."""
    wanted = Wanted(format=Format.BIBTEX, out=None, people=tuple(person), tags=tuple(tag), streamed=True)
    return _sent(desk, wanted, "papers.bib")


def _table(desk: Desk, form: Format, table: Table, person: Sequence[str], tag: Sequence[str]) -> StreamingResponse:
    wanted = Wanted(format=form, out=None, tables=(table,), people=tuple(person), tags=tuple(tag), streamed=True)
    return _sent(desk, wanted, f"{table}.{form}")


def _sent(desk: Desk, wanted: Wanted, name: str) -> StreamingResponse:
    return StreamingResponse(
        _begun(desk, wanted),
        media_type=_MEDIA_TYPES[wanted.format],
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def _begun(desk: Desk, wanted: Wanted) -> Iterator[bytes]:
    try:
        return stream_export(desk.store, wanted, desk.clock())
    except (UnknownPerson, UnknownRun):
        raise
    except StoreError as error:
        raise HTTPException(404 if wanted.tags else 503, f"{error}.") from None
    except ExportError as error:
        # What Parquet needs is not installed.
        raise HTTPException(501, f"{error}.") from None
