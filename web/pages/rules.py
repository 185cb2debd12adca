"""``/rules``: the rules of the configuration, edited, checked while they are typed, and tried over the last 90 days."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from fastapi import APIRouter, HTTPException
from starlette.responses import JSONResponse, Response

from alerts.figures import counted
from alerts.rehearsal_budget import Budget
from flows.config.error import ConfigError
from flows.config.whole import Settings
from flows.explaining import written_rules
from flows.redaction import redacted
from flows.rehearsal_stage import Wanted
from flows.rules_text import ChangedMeanwhile, RulesText, built_in_rules, read_rules, save_rules, try_rules
from web.rehearsals import Rehearsing
from web.view import OurForm, Page, View

router = APIRouter()

_LAST = timedelta(days=90)
#: More messages of one rule to one receiver are noise.
_BUDGET = Budget(10, "week")
#: So long a page is waited for; whoever has a long history sees how far it is.
_PATIENCE_SECONDS = 2.0
_ELSEWHERE_SHOWN = 200


@router.get("/rules")
def rules(page: Page, saved: str = "") -> Response:
    return _shown(page, said="Saved. The next run goes by it." if saved else "")


@router.post("/rules")
def save(page: Page, form: OurForm) -> Response:
    text = str(form.get("text", ""))
    try:
        save_rules(_file(page), text, seen=str(form.get("seen", "")))
    except ChangedMeanwhile as error:
        return _shown(page, text=text, wrong=str(error), has_changed=True, status=409)
    except ConfigError as error:
        return _shown(page, text=text, wrong=str(error), status=400)
    return page.go("/rules?saved=yes")


@router.post("/rules/check")
def check(page: Page, form: OurForm) -> Response:
    text = str(form.get("text", ""))
    try:
        settings = try_rules(_file(page), text)
    except ConfigError as error:
        return _shown(page, text=text, seen=str(form.get("seen", "")), wrong=str(error), status=400)
    return _shown(page, text=text, seen=str(form.get("seen", "")), said=_sound(settings))


@router.post("/rules/check.json")
def check_quickly(page: Page, form: OurForm) -> JSONResponse:
    """What `static/rules.js` shows below the text: ``ok``, one sentence, and the line of the text or null."""
    text = str(form.get("text", ""))
    try:
        settings = try_rules(_file(page), text)
    except ConfigError as error:
        return JSONResponse({"ok": False, "said": redacted(str(error)), "line": _row(page, error, text)})
    return JSONResponse({"ok": True, "said": _sound(settings), "line": None})


def _row(page: View, error: ConfigError, text: str) -> int | None:
    """The line of the text that a line of the file is; None: it is none of it, or the file cannot be read."""
    try:
        row = (error.line or 0) - read_rules(_file(page)).first_line + 1
    except ConfigError:
        return None
    return row if 1 <= row <= text.rstrip().count("\n") + 1 else None


# ---- what they would have sent


@router.post("/rules/preview")
def preview(page: Page, form: OurForm) -> Response:
    text = str(form.get("text", ""))
    try:
        settings = try_rules(_file(page), text)
    except ConfigError as error:
        return _shown(page, text=text, seen=str(form.get("seen", "")), wrong=str(error), status=400)
    wanted = Wanted(since=page.now - _LAST, until=page.now)
    one = page.desk.rehearsals.begin(page.desk.store, settings, wanted)
    if one.wait(_PATIENCE_SECONDS):
        return _shown(page, text=text, seen=str(form.get("seen", "")), rehearsal=one)
    return page.go(f"/rules/preview/{one.name}")


@router.get("/rules/preview/{name}")
def previewed(page: Page, name: str) -> Response:
    """How far a long rehearsal is, and then what it came to."""
    one = page.desk.rehearsals.called(name)
    if one is None:
        raise HTTPException(404, "This preview is not there any more: begin another.")
    response = page.show("preview.html.j2", tab="rules", rehearsal=one, **_noise(one))
    if not one.wait(0):
        response.headers["refresh"] = "2"
    return response


def _noise(one: Rehearsing | None) -> dict[str, Any]:
    receivers = one.report.receivers if one is not None and one.report is not None else ()
    over = [(each.receiver, rule, sent) for each in receivers for rule, sent in each.over(_BUDGET)]
    return {"over": over, "budget": _BUDGET, "messages": sum(each.sent.messages for each in receivers)}


# ---- the page


def _file(page: View) -> Path:
    return page.desk.configuration.now().config_path


def _sound(settings: Settings) -> str:
    entries = [entry for entry in settings.layers.broad if not entry.said.get("leftover")]
    return f"Sound: {counted(len(entries), 'rule')} for everybody. Nothing is saved yet."


def _shown(
    page: View,
    *,
    text: str | None = None,
    seen: str = "",
    said: str = "",
    wrong: str = "",
    has_changed: bool = False,
    rehearsal: Rehearsing | None = None,
    status: int = 200,
) -> Response:
    """The form with what was typed, else with what stands in the file."""
    settings = page.desk.configuration.now()
    unreadable = ""
    try:
        stands = read_rules(settings.config_path)
    except ConfigError as error:
        stands, unreadable = RulesText(text="", first_line=1, seen=""), str(error)
    # Where the file is not sound, lines of what holds are none of it.
    elsewhere = [] if unreadable or page.complaint else written_rules(settings)
    return page.show(
        "rules.html.j2",
        status=status,
        tab="rules",
        stands=stands,
        text=text if text is not None else stands.text or built_in_rules(settings),
        # Whoever saves again has seen what was written meanwhile.
        seen=seen or stands.seen,
        unreadable=unreadable,
        said=said,
        wrong=wrong,
        has_changed=has_changed,
        elsewhere=[(whom, rule) for whom, rule in elsewhere if whom != "everybody"][:_ELSEWHERE_SHOWN],
        rehearsal=rehearsal,
        **_noise(rehearsal),
    )
