"""Whatever libraries, runs and people have written down: no page and no answer of the API shows a secret."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from fastapi import FastAPI

from flows.manifest import ClosedReceiver, DeliverManifest, FailedDelivery
from flows.redaction import MARK
from storage.store import Store
from tests.scenarios.story import Story
from tests.web.api.caller import Caller
from tests.web.eventful import become_eventful
from tests.web.every_page import ALL, NOWHERE, PARTS, of_story
from tests.web.visitor import Visitor
from tracking.view import EventView
from web.app import create

TOKEN = "not to be guessed by anybody"
#: In each secret there is this word.
CANARY = "c4nary"
RECEIVERS = {
    "hook": {"webhook": f"http://127.0.0.1:9/in/{CANARY}-of-the-hook", "secret": "${HOOK_SECRET}"},
    "chat": {"apprise": [f"json://watch:{CANARY}-of-the-chat@127.0.0.1:9"]},
}
#: As a library says it that does not know what is secret.
SAID = f"POST http://127.0.0.1:9/in/{CANARY}-of-the-hook by way of http://me:{CANARY}-in-passing@proxy: refused"
#: What the command line says of a file says only as much of it as is no secret.
BROKEN = f"receivers: {{hook: {{webhook: [http://127.0.0.1:9/in/{CANARY}-of-the-hook\n"


@pytest.fixture
def planted(story: Story, monkeypatch: pytest.MonkeyPatch) -> Story:
    """Secrets stand in the configuration, in errors, in the record of a run, in reasons and in notes."""
    monkeypatch.setenv("HOOK_SECRET", "whsec_YzRuYXJ5IGM0bmFyeSBjNG5hcnkgYzRuYXJ5")
    monkeypatch.setenv("SCHOLARWATCH_TOKEN", TOKEN)
    story.receivers = story.receivers | RECEIVERS
    become_eventful(story)
    with Store.open_existing(story.settings.database) as store:
        for message in store.outbox().messages:
            # Half of it would be beyond the end of what is shown.
            store.failed(message.message_id, story.now, f"{'.' * 340} {SAID}", None)
        run = store.begin_run("deliver", story.now)
        store.end_run(run, _manifest(run, story.now).to_json())
        store.acknowledge(_milestone(store).id, SAID, story.now)
    return story


@contextmanager
def opened(story: Story) -> Iterator[FastAPI]:
    app = create(story.settings, lambda: story.now, token=TOKEN)
    yield app
    app.state.desk.store.close()


def test_no_page_shows_a_secret(planted: Story) -> None:
    with opened(planted) as app, Visitor(app, authorization=f"Bearer {TOKEN}") as visitor:
        known = of_story(app, planted)
        seen = {path: visitor.get(path.format(**known)) for path in (*ALL, *PARTS.values(), NOWHERE)}
        form = visitor.page("/rules").select_one("#rules-form")
        assert form is not None
        typed = {str(field["name"]): str(field["value"]) for field in form("input")} | {"text": "rules: []\n"}
        planted.config.write_text(BROKEN, "utf-8")
        for path in ("/", "/rules", "/rules/explain?person=1001", "/follow?url=https://www.scholarfeed.org/author/5"):
            seen[f"{path} of a broken file"] = visitor.get(path)
        for path in ("/rules", "/rules/check", "/rules/check.json", "/rules/preview"):
            seen[f"{path} tried with a broken file"] = visitor.post(path, typed)
    assert [path for path, answer in seen.items() if answer.status_code >= 500] == []
    told = {path: f"{answer.headers} {answer.text}" for path, answer in seen.items()}
    assert [path for path, text in told.items() if CANARY in text or TOKEN in text] == []
    # What is planted is there to be seen.
    for path in ("/runs/{undelivered}", "/runs/outbox", "/events/{event}"):
        assert MARK in told[path], path


def test_no_answer_of_the_api_shows_a_secret(planted: Story) -> None:
    with opened(planted) as app, Caller(app, authorization=f"Bearer {TOKEN}") as caller:
        event = of_story(app, planted)["event"]
        named = {
            "person_id": "1", "event_id": event, "run_id": "latest", "form": "json", "tag": "robots", "rule": "new papers",
            "table": "events",
        }  # fmt: skip
        paths = caller.json("openapi.json")["paths"]
        asked = [path.lstrip("/").format(**named) for path, how in paths.items() if "get" in how]
        asked += ["feeds/all.atom", "outbox?delivered=true", "quarantine/pages?person=1003", "exports/everything.jsonl"]
        answers = {path: caller.get(path) for path in asked}
        planted.config.write_text(BROKEN, "utf-8")
        answers |= {f"{path} of a broken file": caller.get(path) for path in ("status", "health", "rules")}
    told = {path: f"{answer.headers} {answer.text}" for path, answer in answers.items()}
    assert [path for path, text in told.items() if CANARY in text or TOKEN in text] == []
    for path in ("runs", "outbox", f"events/{event}"):
        assert MARK in told[path], path


def _manifest(run_id: str, now: datetime) -> DeliverManifest:
    failure = FailedDelivery(receiver="hook", message="1", error=SAID, next_try_at=now)
    closed = ClosedReceiver(receiver="chat", until=None, why=SAID)
    return DeliverManifest(
        run_id=run_id, now=now, messages=1, delivered=0, waiting=0, items=1, failures=(failure,), closed=(closed,),
        elapsed_seconds=1.0,
    )  # fmt: skip


def _milestone(store: Store) -> EventView:
    return next(one for one in store.events() if one.kind == "metric.milestone")
