"""``/groups``: people of a tag together, a lab say: who, and each of their papers once."""

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from web.chart import spark
from web.moments import cursor_text
from web.pages.people import METRICS, found_people, rows, wanted_people
from web.view import Page

router = APIRouter()

_PAPERS = 25


@router.get("/groups")
def groups(page: Page) -> Response:
    return page.show("groups.html.j2", tags=page.desk.store.tag_counts())


@router.get("/groups/{tag:path}")
def group(page: Page, tag: str, after: str = "") -> Response:
    found = found_people(page, wanted_people(tag=tag, after=after))
    if not found.total:
        raise HTTPException(404, f"Nobody has the tag “{tag}”.")
    return page.show(
        "group.html.j2",
        group=page.desk.store.group(tag, limit=_PAPERS),
        people=found.total,
        rows=rows(page, found),
        after=cursor_text(found.after) if found.after else "",
        metrics=METRICS,
        spark=spark,
    )
