"""``/preferences``: light or dark, time zone and language, kept by the browser."""

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from web.pages.login import local
from web.reader import KEPT, LOCALE, THEME, ZONE, locale_of, theme_named, zone_named
from web.view import OurForm, Page

router = APIRouter()


@router.get("/preferences")
def preferences(page: Page) -> Response:
    return page.show("preferences.html.j2")


@router.post("/preferences")
def prefer(page: Page, form: OurForm) -> Response:
    if "theme" in form:
        page.keep(THEME, theme_named(str(form["theme"])), KEPT)
    if zone := str(form.get("zone", "")).strip():
        if zone_named(zone) is None:
            raise HTTPException(400, f"There is no time zone “{zone}”; one is called Europe/Zurich.")
        page.keep(ZONE, zone, KEPT)
    if "language" in form:
        language = str(form["language"]).strip()
        page.keep(LOCALE, str(locale_of(language)).replace("_", "-") if language else "", KEPT)
    return page.go(local(str(form.get("to", "/"))))
