"""``/runs/outbox``: what waits to be delivered, what failed and what was given up; tried again, or taken out."""

from fastapi import APIRouter
from starlette.responses import Response

from alerts.figures import counted, localised
from alerts.standing import standing_words
from storage.errors import StoreError, UnknownWaiting
from tracking.account import MessageState
from tracking.waiting import Dropped, OutboxMessage, Retried
from web.view import OurForm, Page, View

router = APIRouter()

#: Of each sort; more are counted.
_SHOWN = 100
_LONGEST_REASON = 300
#: How each state of a message is called, and in which order they are shown: first what somebody has to look at.
_STATES = {
    MessageState.GIVEN_UP: "given up",
    MessageState.RETRYING: "failed, and tried again",
    MessageState.TO_SEND: "to be sent",
}


@router.get("/runs/outbox")
def outbox(page: Page, receiver: str = "") -> Response:
    return _shown(page, receiver)


@router.post("/runs/outbox/retry")
def retry(page: Page, form: OurForm) -> Response:
    """One message or event, or all messages: of a receiver, or of each."""
    receiver, asked = str(form.get("receiver", "")), str(form.get("id", ""))
    try:
        done = page.desk.store.retry([asked] if asked else [], page.now, receiver=receiver or None)
    except UnknownWaiting as error:
        return _shown(page, "", wrong=_sentence(error), status=404)
    return _shown(page, "", said=_retried(done))


@router.post("/runs/outbox/drop")
def drop(page: Page, form: OurForm) -> Response:
    receiver, reason = str(form.get("receiver", "")), str(form.get("reason", "")).strip()[:_LONGEST_REASON]
    if not reason:
        return _shown(page, "", wrong="Say why it is taken out, for whoever wonders later.", status=400)
    try:
        done = page.desk.store.drop([str(form.get("id", ""))], reason, page.now, receiver=receiver or None)
    except UnknownWaiting as error:
        return _shown(page, "", wrong=_sentence(error), status=404)
    return _shown(page, "", said=_dropped(done))


def _shown(page: View, receiver: str, *, said: str = "", wrong: str = "", status: int = 200) -> Response:
    view = page.desk.store.outbox(receiver or None)
    held = [(state.name, words) for state in view.receivers if (words := standing_words(state))]
    ranks = list(_STATES)
    messages = sorted(view.messages, key=lambda one: ranks.index(one.state))
    return page.show(
        "outbox.html.j2",
        status=status,
        tab="outbox",
        items=view.items[:_SHOWN],
        more_items=len(view.items[_SHOWN:]),
        messages=messages[:_SHOWN],
        more_messages=len(messages[_SHOWN:]),
        failing=_failing(messages),
        states=_STATES,
        MessageState=MessageState,
        held=[(name, localised(words, page.reader.zone)) for name, words in held],
        said=said,
        wrong=wrong,
    )


def _failing(messages: list[OutboxMessage]) -> int:
    return sum(one.state in (MessageState.GIVEN_UP, MessageState.RETRYING) for one in messages)


def _retried(done: Retried) -> str:
    parts = [f"{name} is switched on again." for name in done.receivers]
    counts = [counted(len(done.messages), "message")] if done.messages else []
    counts += [counted(len(done.items), "event")] if done.items else []
    if counts:
        parts.append(f"To go out with the next delivery: {' and '.join(counts)}.")
    return " ".join(parts) or "No message waits to be tried."


def _dropped(done: Dropped) -> str:
    receivers = ", ".join(sorted({item.receiver for item in done.items}))
    return f"Taken out: {counted(len(done.items), 'item')}, of which {receivers} will not hear. The verdicts say so."


def _sentence(error: StoreError) -> str:
    return f"{str(error)[:1].upper()}{str(error)[1:]}."
