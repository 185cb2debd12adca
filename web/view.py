"""One request for a page: who reads, what is at hand, and how the page is made of its template.

A page of `web.pages` asks for a `Page` and gives back what `Page.show` makes:

>>> @router.get("/people")
... def people(page: Page) -> Response:
...     return page.show("people.html.j2", lines=page.desk.store.directory(...))
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, HTTPException
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from alerts.entry import one_line
from alerts.figures import counted, lasting, metric_name
from alerts.happened import what_happened
from alerts.inert import inert, shortened, web_address
from alerts.kinds import WORDS
from flows.redaction import redacted
from tracking.event import EventKind
from tracking.view import EventView
from web.desk import Desk
from web.guard import FORM, is_our_form
from web.navigation import NAVIGATION
from web.reader import Reader, Theme
from web.standing import WORDS as WORDS_OF_HEALTH

_HERE = Path(__file__).parent
TEMPLATES, STATIC = _HERE / "templates", _HERE / "static"


@dataclass(slots=True)
class View:
    """A page in the making."""

    request: Request
    desk: Desk
    reader: Reader
    now: datetime
    #: Cookies that the answer sets: name, value, how long they last.
    cookies: list[tuple[str, str, timedelta | None]] = field(default_factory=list)

    def show(self, template: str, /, *, status: int = 200, **values: Any) -> Response:
        """The page, or 304 where the reader has it already."""
        text = _environment().get_template(template).render(page=self, r=self.reader, now=self.now, **values)
        response: Response = HTMLResponse(text, status)
        if status == 200 and self.request.method == "GET":
            etag = f'W/"{hashlib.blake2b(response.body, digest_size=12).hexdigest()}"'
            if self.request.headers.get("if-none-match") == etag:
                response = Response(status_code=304)
            response.headers["etag"] = etag
        return self._dressed(response)

    def go(self, to: str) -> Response:
        """Leads on, after a form has done its work."""
        return self._dressed(RedirectResponse(to, 303))

    @property
    def form_token(self) -> str:
        """What a form has to bring."""
        kept = self.request.cookies.get(FORM, "")
        if kept:
            return kept
        fresh = next((value for name, value, _ in self.cookies if name == FORM), None) or secrets.token_urlsafe(24)
        self.keep(FORM, fresh, None)
        return fresh

    def keep(self, name: str, value: str, lasting: timedelta | None) -> None:
        """Have the browser keep a cookie: so long, or (None) until it is closed."""
        self.cookies = [cookie for cookie in self.cookies if cookie[0] != name] + [(name, value, lasting)]

    def link(self, **changed: object) -> str:
        """This page's address with other parameters, without the place in a list; one that is None or empty goes."""
        query = {name: value for name, value in self.request.query_params.items() if name != "after"}
        query |= {name: str(value) if value is not None else "" for name, value in changed.items()}
        query = {name: value for name, value in query.items() if value}
        return f"{self.request.url.path}?{urlencode(query)}" if query else self.request.url.path

    @property
    def here(self) -> str:
        query = self.request.url.query
        return f"{self.request.url.path}?{query}" if query else self.request.url.path

    @property
    def path(self) -> str:
        return self.request.url.path

    @property
    def complaint(self) -> str:
        """What is wrong with the configuration; empty: nothing."""
        self.desk.configuration.now()
        return self.desk.configuration.complaint

    def happened(self, event: EventView) -> str:
        return what_happened(event, self.reader.change)

    def ago(self, when: datetime) -> str:
        return "just now" if self.now - when < timedelta(minutes=1) else f"{lasting(self.now - when)} ago"

    def until(self, when: datetime) -> str:
        return "now" if when <= self.now else f"in {lasting(when - self.now)}"

    def _dressed(self, response: Response) -> Response:
        for name, value, kept_for in self.cookies:
            response.set_cookie(
                name,
                value,
                max_age=None if kept_for is None else int(kept_for.total_seconds()),
                httponly=True,
                samesite="strict",
                secure=self.request.url.scheme == "https",
            )
        return response


def view(request: Request) -> View:
    desk: Desk = request.app.state.desk
    return View(request=request, desk=desk, reader=Reader.of(request), now=desk.clock())


async def our_form(request: Request) -> FormData:
    """What a form of ours brings. Refuses one that is not."""
    form = await request.form(max_files=0, max_fields=50)
    if not is_our_form(request, str(form.get("form_token", ""))):
        raise HTTPException(403, "This form was not sent from a page of ours, or cookies are off. Open it again.")
    return form


Page = Annotated[View, Depends(view)]
OurForm = Annotated[FormData, Depends(our_form)]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Whatever a page shows has passed here: no character of it acts instead of showing, and no secret is in it.
        finalize=_fit_to_show,
    )
    environment.globals |= {
        "navigation": NAVIGATION,
        "themes": list(Theme),
        "static": _static,
        "counted": counted,
        "metric_name": metric_name,
        "one_line": one_line,
        "web_address": web_address,
        "kind_name": kind_name,
        "health_words": WORDS_OF_HEALTH,
    }
    # What somebody typed goes back to them as it is, line by line: in a field, where nothing acts.
    environment.filters |= {"short": _short, "as_typed": escape}
    return environment


def kind_name(kind: str) -> str:
    """``new paper``"""
    return WORDS[EventKind(kind)].one


def _fit_to_show(value: object) -> object:
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return redacted(value if value.isprintable() else inert(value))


def _short(text: str, length: int = 300) -> str:
    """A secret goes before it is cut, and half of it is not known again."""
    return shortened(redacted(inert(text)), length)


@cache
def _static(name: str) -> str:
    """The address of a file of ours, which changes with what is in it."""
    return f"/static/{name}?v={hashlib.blake2b((STATIC / name).read_bytes(), digest_size=6).hexdigest()}"
