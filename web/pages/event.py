"""``/events/…``: one event: what it rests on, what was decided for whom, and the proof, made on the spot."""

from collections import Counter
from collections.abc import Sequence

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from alerts.figures import localised
from alerts.verdict_words import verdict_sentence
from flows.verify import verify_event
from tracking.account import Account, Judged
from tracking.proof import Ground, Standing, Step
from web.view import OurForm, Page, View

router = APIRouter()

_MARKS = {Standing.HOLDS: "✓", Standing.FAILS: "✗", Standing.OPEN: "–"}


@router.get("/events/{event_id}")
def event(page: Page, event_id: str) -> Response:
    account = page.desk.store.account(event_id)
    if account.event.id != event_id:
        return RedirectResponse(f"/events/{account.event.id}", 307)
    return _shown(page, account, None)


@router.post("/events/{event_id}/verify")
def verify(page: Page, event_id: str, _: OurForm) -> Response:
    found, steps = verify_event(page.desk.store, event_id)
    return _shown(page, page.desk.store.account(found.id), steps)


@router.post("/events/{event_id}/seen")
def acknowledge(page: Page, event_id: str, form: OurForm) -> Response:
    account, _ = page.desk.store.acknowledge(event_id, str(form.get("note", ""))[:500], page.now)
    return page.go(f"/events/{account.event.id}")


def _shown(page: View, account: Account, steps: Sequence[Step] | None) -> Response:
    happened = account.event
    return page.show(
        "event.html.j2",
        account=account,
        event=happened,
        person_id=page.desk.store.person_at(happened.source, happened.profile),
        verdicts=[(judged, _said(page, judged, happened.id)) for judged in account.judged],
        steps=None if steps is None else _together(steps),
        marks=_MARKS,
        standings=Counter(step.standing for step in steps or ()),
        Standing=Standing,
    )


def _said(page: View, judged: Judged, event_id: str) -> str:
    return localised(verdict_sentence(judged, event_id), page.reader.zone)


def _together(steps: Sequence[Step]) -> list[tuple[Step, int]]:
    """The steps, of facts that hold the first for all, with how many it stands for."""
    held = [step for step in steps if (step.ground, step.standing) == (Ground.FACTS, Standing.HOLDS)]
    return [(step, len(held) if step in held else 1) for step in steps if step not in held or step is held[0]]
