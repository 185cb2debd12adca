"""``/quarantine``: pages that changed too much to be believed unseen: the evidence, and somebody's answer."""

from dataclasses import dataclass

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from flows import quarantine as held_back
from storage.errors import StoreError
from tracking.held_page import HeldChanges
from tracking.kept import HeldPage
from tracking.view import QuarantineView
from web.as_it_came import as_it_came
from web.view import OurForm, Page, View

router = APIRouter()

#: More than these are counted.
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a page that waits says otherwise than the last one that was accepted; or why that cannot be said."""

    held: HeldPage
    changes: HeldChanges | None
    wrong: str


@router.get("/quarantine")
def quarantine(page: Page) -> Response:
    found = page.desk.store.quarantine()
    open_ones = [view for view in found if view.held_at is not None and not view.accepted]
    answered = [view for view in found if view not in open_ones]
    return page.show(
        "quarantine.html.j2",
        asked=open_ones[:_SHOWN],
        answered=answered[:_SHOWN],
        hidden=len(open_ones[_SHOWN:]) + len(answered[_SHOWN:]),
    )


@router.get("/quarantine/{profile_id}")
def question(page: Page, profile_id: int) -> Response:
    return page.show("question.html.j2", view=_view(page, profile_id), evidence=_evidence(page, profile_id))


@router.post("/quarantine/{profile_id}/accept")
def accept(page: Page, profile_id: int, form: OurForm) -> Response:
    _must_be_as_shown(page, profile_id, str(form.get("shown", "")))
    if not page.desk.store.accept_next_of(profile_id):
        raise HTTPException(409, "Nothing of this page is held back or rejected.")
    return page.go(f"/quarantine/{profile_id}")


@router.post("/quarantine/{profile_id}/reject")
def reject(page: Page, profile_id: int, form: OurForm) -> Response:
    held = _must_be_as_shown(page, profile_id, str(form.get("shown", "")))
    if held is None:
        raise HTTPException(409, "Nothing of this page is held back.")
    held_back.reject(page.desk.store, held, page.now)
    return page.go(f"/quarantine/{profile_id}")


@router.get("/quarantine/{profile_id}/raw")
def raw(page: Page, profile_id: int) -> Response:
    """The page that waits, as it came."""
    held = page.desk.store.held_page(profile_id)
    if held is None or held.page is None:
        raise HTTPException(404, "The page is not there any more.")
    return as_it_came(held.page)


def _view(page: View, profile_id: int) -> QuarantineView:
    found = next((view for view in page.desk.store.quarantine() if view.profile_id == profile_id), None)
    if found is None:
        raise HTTPException(404, "Nothing of this page is held back or rejected.")
    return found


def _evidence(page: View, profile_id: int) -> Evidence | None:
    """None: no page waits."""
    held = page.desk.store.held_page(profile_id)
    if held is None:
        return None
    try:
        return Evidence(held, held_back.look_at(page.desk.store, held), "")
    except StoreError as error:
        return Evidence(held, None, str(error))


def _must_be_as_shown(page: View, profile_id: int, shown: str) -> HeldPage | None:
    """The page that waits, if it is the one that was looked at: an answer is about nothing else."""
    held = page.desk.store.held_page(profile_id)
    if shown != (held.observed_at.isoformat() if held else ""):
        raise HTTPException(409, "The page was checked meanwhile: look at it again, and then answer.")
    return held
