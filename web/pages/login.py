"""``/login``: somebody gives the token, and is not asked again for a while."""

from fastapi import APIRouter
from starlette.responses import Response

from web.guard import SESSION, SESSION_LASTS, is_token, session
from web.view import OurForm, Page

router = APIRouter()


@router.get("/login")
def login(page: Page, to: str = "/") -> Response:
    if page.desk.token is None:
        return page.go("/")
    return page.show("login.html.j2", to=local(to), wrong=False)


@router.post("/login")
def enter(page: Page, form: OurForm) -> Response:
    token, to = page.desk.token, local(str(form.get("to", "/")))
    if token is not None and not is_token(str(form.get("token", "")).strip(), token):
        return page.show("login.html.j2", status=403, to=to, wrong=True)
    if token is not None:
        page.keep(SESSION, session(token, page.now), SESSION_LASTS)
    return page.go(to)


@router.post("/logout")
def leave(page: Page, _: OurForm) -> Response:
    page.keep(SESSION, "", None)
    return page.go("/login")


def local(to: str) -> str:
    """The address of a page of ours, or else of the first: whoever comes in is led to nobody else."""
    is_ours = to.startswith("/") and not to.startswith("//") and "\\" not in to and to.isprintable()
    return to if is_ours else "/"
