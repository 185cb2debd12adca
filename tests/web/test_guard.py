"""Who comes in, and whose forms are taken."""

from collections.abc import Iterator

import pytest

from tests.scenarios.story import Story
from tests.web.visitor import Visitor
from web.app import create

TOKEN = "a-token-that-nobody-guesses"


@pytest.fixture
def guarded(story: Story) -> Iterator[Visitor]:
    app = create(story.settings, lambda: story.now, token=TOKEN)
    with Visitor(app) as visitor:
        yield visitor
    app.state.desk.store.close()


def test_nobody_comes_in_without_the_token(guarded: Visitor) -> None:
    asked = guarded.get("/people?q=a")
    assert (asked.status_code, asked.headers["location"]) == (303, "/login?to=/people%3Fq%3Da")
    assert guarded.get("/people", accept="application/json").status_code == 401
    assert guarded.get("/static/style.css").status_code == 200


def test_somebody_signs_in_and_out(guarded: Visitor) -> None:
    page = guarded.page("/login?to=/people")
    wrong = guarded.send(page, "/login", token="a-token-that-somebody-guesses")
    assert wrong.status_code == 403
    assert TOKEN not in wrong.text
    right = guarded.send(page, "/login", token=TOKEN)
    assert (right.status_code, right.headers["location"]) == (303, "/people")
    cookie = right.headers["set-cookie"]
    assert TOKEN not in cookie
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    people = guarded.page("/people")
    assert TOKEN not in str(people)
    guarded.send(people, "/logout")
    assert guarded.get("/people").status_code == 303


@pytest.mark.parametrize("kept", ["", ".", "1.x", "99999999999999999999.x", "x.y"])
def test_a_made_up_session_is_none(kept: str, guarded: Visitor) -> None:
    guarded.cookies.set("scholarwatch_session", kept)
    assert guarded.get("/people").status_code == 303


def test_programs_bring_the_token(guarded: Visitor) -> None:
    assert guarded.get("/people", authorization=f"Bearer {TOKEN}").status_code == 200
    assert guarded.get("/people", authorization=f"Basic {TOKEN}").status_code == 303


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", "/a\nb"])
def test_a_sign_in_leads_to_nobody_else(to: str, guarded: Visitor) -> None:
    page = guarded.page("/login")
    assert guarded.send(page, "/login", token=TOKEN, to=to).headers["location"] == "/"


@pytest.mark.parametrize(
    "headers",
    [{"sec_fetch_site": "cross-site"}, {"sec_fetch_site": "same-site"}, {"origin": "http://evil.example"}, {"origin": "null"}],
)  # fmt: skip
def test_a_form_that_another_site_sends_is_refused(headers: dict[str, str], visitor: Visitor) -> None:
    [token] = {field["value"] for field in visitor.page("/follow").select("[name=form_token]")}
    values = {"form_token": str(token), "theme": "dark", "to": "/"}
    assert visitor.post("/preferences", values).status_code == 303
    assert visitor.post("/preferences", values, **headers).status_code == 403
    assert visitor.post("/preferences", values | {"form_token": "guessed"}).status_code == 403
    assert visitor.post("/preferences", {"theme": "dark"}).status_code == 403


def test_a_form_without_the_cookie_is_refused(visitor: Visitor) -> None:
    assert visitor.post("/preferences", {"form_token": "", "theme": "dark"}).status_code == 403


def test_another_name_for_this_machine_is_refused(story: Story) -> None:
    app = create(story.settings, lambda: story.now, hosts=frozenset({"localhost", "127.0.0.1", "::1"}))
    with Visitor(app) as visitor:
        for host, status in (
            ("localhost:8710", 200), ("127.0.0.1", 200), ("[::1]:80", 200), ("evil.example", 421), ("", 421),
        ):  # fmt: skip
            assert visitor.get("/", host=host).status_code == status
    app.state.desk.store.close()


def test_every_answer_says_what_may_be_done_with_it(visitor: Visitor) -> None:
    for path in ("/", "/nowhere", "/static/style.css", "/static/plotly.min.js"):
        headers = visitor.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


def test_light_or_dark_stays_chosen(visitor: Visitor) -> None:
    page = visitor.page("/preferences")
    assert page.html["data-theme"] == "auto"  # type: ignore[index]
    assert visitor.send(page, "/preferences", theme="dark").status_code == 303
    assert visitor.page("/").html["data-theme"] == "dark"  # type: ignore[index]
    assert visitor.send(page, "/preferences", zone="Nowhere/Else").status_code == 400
