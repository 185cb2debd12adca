"""Who may ask, and what nobody is told."""

import json
from base64 import b64encode
from collections.abc import Iterator

import pytest

from flows.deliver import deliver
from storage.store import Store
from tests.scenarios.story import Story
from tests.web.api.caller import Caller
from tests.web.lived import live
from web.app import create
from web.guard import FORM, SESSION, session

TOKEN = "not to be guessed by anybody"
CANARY = "canary-5ecre7"
FROM_ELSEWHERE = {"origin": "https://evil.example", "sec_fetch_site": "cross-site"}


@pytest.fixture
def guarded(lived: Story) -> Iterator[Caller]:
    """Of an application that asks for a token; nobody has given it yet."""
    app = create(lived.settings, lambda: lived.now, token=TOKEN)
    with Caller(app) as caller:
        yield caller
    app.state.desk.store.close()


def test_without_the_token_nothing_is_said(guarded: Caller) -> None:
    for path in (*guarded_paths(guarded), "openapi.json", "nothing"):
        refused = guarded.get(path, accept="text/html")
        assert refused.status_code == 401, path
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.headers["www-authenticate"] == "Bearer"
    assert guarded.get("events", authorization="Bearer wrong").status_code == 401
    assert guarded.post("quarantine/accept", {"person": "1001"}).status_code == 401
    assert guarded.get("events", authorization=f"Bearer {TOKEN}").status_code == 200


def guarded_paths(caller: Caller) -> list[str]:
    """Every address that the API can be read at, of things that are there."""
    described = caller.get("openapi.json", authorization=f"Bearer {TOKEN}").json()
    events = caller.get("events?kind=paper.new", authorization=f"Bearer {TOKEN}").json()["items"]
    known = {
        "person_id": "1", "event_id": events[0]["id"], "run_id": "1", "form": "json", "table": "events",
        "tag": "rl", "rule": "new papers",
    }  # fmt: skip
    paths = [path.lstrip("/").format(**known) for path, how in described["paths"].items() if "get" in how]
    return [f"{path}?person=1001" if path == "quarantine/pages" else path for path in paths]


def test_a_cookie_is_no_leave_to_change_anything_from_elsewhere(story: Story, guarded: Caller) -> None:
    event = guarded.get("events", authorization=f"Bearer {TOKEN}").json()["items"][0]["id"]
    cookie = f"{SESSION}={session(TOKEN, story.now)}; {FORM}=ours"
    path = f"events/{event}/ack"
    for headers in (
        FROM_ELSEWHERE,
        FROM_ELSEWHERE | {"x_form_token": "ours"},
        {"origin": "https://evil.example", "x_form_token": "ours"},
        {"origin": "null", "x_form_token": "ours"},
        {"sec_fetch_site": "same-site", "x_form_token": "ours"},
        {},
        {"x_form_token": "theirs"},
    ):
        assert guarded.post(path, {}, cookie=cookie, **headers).status_code == 403, headers
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        refused = guarded.send(path, b"{}", cookie=cookie, content_type=kind, x_form_token="ours")
        assert refused.status_code == 415, kind
    assert guarded.get("events", cookie=cookie).status_code == 200
    assert not story.events()[0].acknowledged_at
    ours = {"cookie": cookie, "x_form_token": "ours", "origin": "http://127.0.0.1", "sec_fetch_site": "same-origin"}
    assert guarded.post(path, {}, **ours).status_code == 200
    # Who knows the token is no browser that was led astray.
    assert guarded.post(path, {}, authorization=f"Bearer {TOKEN}").status_code == 200


@pytest.mark.usefixtures("lived")
def test_where_there_is_no_token_no_other_site_changes_anything_either(caller: Caller) -> None:
    silence = {"everything": True, "for": "1d", "reason": "theirs"}
    assert caller.post("silences", silence, **FROM_ELSEWHERE).status_code == 403
    assert caller.send("silences", json.dumps(silence).encode(), content_type="text/plain").status_code == 415
    assert caller.json("silences")["items"] == []
    assert caller.post("silences", silence).status_code == 201


def test_no_secret_is_in_any_answer(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = b64encode(f"{CANARY} {CANARY}".encode()).decode()
    monkeypatch.setenv("HOOK_SECRET", f"whsec_{secret}")
    story.receivers = {
        "hook": {"webhook": f"http://127.0.0.1:9/{CANARY}?token={CANARY}", "secret": "${HOOK_SECRET}"},
        "chat": {"apprise": [f"json://user:{CANARY}@127.0.0.1:9/{CANARY}"]},
    }
    live(story)
    settings = story.settings
    with Store.open(settings.database) as store:
        deliver(store, settings, story.now)
    assert CANARY in story.config.read_text("utf-8")
    app = create(settings, lambda: story.now, token=f"{TOKEN} {CANARY}")
    with Caller(app, authorization=f"Bearer {TOKEN} {CANARY}") as caller:
        outbox = caller.json("outbox")["items"]
        assert any(one.get("last_error") for one in outbox), outbox
        described = caller.json("openapi.json")
        event = caller.json("events")["items"][0]["id"]
        known = {
            "person_id": 1, "event_id": event, "run_id": 1, "form": "json", "tag": "rl", "rule": "new papers",
            "silence_id": 1, "table": "events",
        }  # fmt: skip
        for path, how in described["paths"].items():
            for method in how:
                address = path.lstrip("/").format(**known)
                answers = (
                    [caller.get(address)]
                    if method == "get"
                    else [
                        caller.post(address, {}),
                        caller.post(
                            address,
                            {
                                "urls": ["x"],
                                "person": "nobody",
                                "reason": "x",
                                "everything": True,
                                "for": "1d",
                                "rule": "x",
                                "ids": ["x"],
                            },
                        ),
                    ]
                )
                for answer in answers:
                    assert CANARY not in answer.text, address
                    assert secret not in answer.text, address
                    assert CANARY not in str(answer.headers), address
        story.config.write_text(f"receivers: {{hook: {{webhook: {CANARY}", "utf-8")
        for path in ("health", "status", "rules", "people/1/rules"):
            assert CANARY not in caller.get(path).text
        assert CANARY not in caller.post("people", {"urls": ["https://www.scholarfeed.org/author/5"]}).text
    app.state.desk.store.close()
