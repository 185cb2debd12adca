"""``/rules/silences``: what is not told for a time, until when and why."""

from datetime import datetime

from fastapi import APIRouter, HTTPException
from starlette.datastructures import FormData
from starlette.responses import Response

from alerts.duration import parse_duration
from alerts.figures import localised
from alerts.kinds import WORDS
from alerts.setting import Setting, SettingError, suggestion
from alerts.silence_words import end_words, silenced_words
from flows.silencing import Matcher, UnknownName
from flows.silencing import silence as add_silence
from storage.errors import StoreError
from tracking.event import EventKind
from tracking.silence import Silence
from web.moments import end_of_day
from web.view import OurForm, Page, View

router = APIRouter()

_PARTS = ("person", "rule", "kind", "metric", "tag", "source", "receiver")
#: Of those that have ended, the last.
_ENDED_SHOWN = 50
_LONGEST_REASON = 300


@router.get("/rules/silences")
def silences(page: Page, person: str = "", rule: str = "", receiver: str = "") -> Response:
    """The parameters stand in the form already."""
    return _shown(page, {"person": person, "rule": rule, "receiver": receiver}, "")


@router.post("/rules/silences")
def silence(page: Page, form: OurForm) -> Response:
    typed = {name: str(value).strip() for name, value in form.items()}
    try:
        _add(page, form, typed)
    except (ValueError, UnknownName, StoreError) as wrong:
        text = str(wrong)
        return _shown(page, typed, f"{text[:1].upper()}{text[1:]}.", status=400)
    return page.go("/rules/silences")


@router.post("/rules/silences/{silence_id}/end")
def end(page: Page, silence_id: str, _: OurForm) -> Response:
    page.desk.store.end_silence(silence_id, page.now)
    return page.go("/rules/silences")


def _add(page: View, form: FormData, typed: dict[str, str]) -> Silence:
    """Raises ValueError, UnknownName and StoreError, each a sentence for who typed it."""
    parts = {name: typed.get(name) or None for name in _PARTS if name != "kind"}
    kinds = tuple(_kind(str(word)) for word in form.getlist("kind") if word)
    asked = Matcher(**parts, kinds=kinds)
    if asked.is_everything and not typed.get("everything"):
        raise ValueError("say what to silence, or tick that it is everything")
    reason = typed.get("reason", "")
    if not reason:
        raise ValueError("say why, for whoever wonders later")
    return add_silence(
        page.desk.store,
        page.desk.configuration.now(),
        asked,
        now=page.now,
        ends_at=_end(page, typed),
        reason=reason[:_LONGEST_REASON],
    )


def _kind(word: str) -> EventKind:
    if word not in list(EventKind):
        raise ValueError(f"there are no events of kind {word!r}; {suggestion(word, list(EventKind))}")
    return EventKind(word)


def _end(page: View, typed: dict[str, str]) -> datetime | None:
    """None: until somebody ends it, as only what one rule finds about one person may be."""
    try:
        until = end_of_day(typed.get("until", ""), page.reader.zone)
    except HTTPException as refused:
        raise ValueError(str(refused.detail).rstrip(".")) from None
    lasting = typed.get("for", "")
    if lasting == "ever":
        if not (typed.get("rule") and typed.get("person")):
            raise ValueError("a silence has an end, but for what one rule finds about one person")
        return None
    if until is not None and lasting:
        raise ValueError("give one of the two: how long, or until which day")
    if until is not None:
        if until <= page.now:
            raise ValueError(f"{typed['until']} is over")
        return until
    if not lasting:
        raise ValueError("a silence has an end: say how long, or until which day")
    try:
        return page.now + parse_duration(Setting(lasting, (), SettingError))
    except SettingError as refusal:
        raise ValueError(f"how long {refusal.message}") from None


def _shown(page: View, typed: dict[str, str], wrong: str, status: int = 200) -> Response:
    every = page.desk.store.all_silences()
    holding = [one for one in every if one.holds_at(page.now)]
    ended = [one for one in reversed(every) if not one.holds_at(page.now)]
    settings = page.desk.configuration.now()
    return page.show(
        "silences.html.j2",
        status=status,
        tab="silences",
        holding=holding,
        ended=ended[:_ENDED_SHOWN],
        what=silenced_words,
        until=lambda one: localised(end_words(one, page.now), page.reader.zone),
        typed=dict.fromkeys((*_PARTS, "for", "until", "reason", "everything"), "") | typed,
        wrong=wrong,
        rules=settings.layers.names,
        receivers=[one.name for one in settings.receivers],
        tags=sorted({tag for followed in settings.people for tag in followed.tags}),
        sources=sorted(settings.sources),
        kinds={kind.value: words.one for kind, words in WORDS.items()},
    )
