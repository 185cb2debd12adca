"""What a program may do: acknowledge, silence, decide about a page, try again or drop, follow."""

import pytest

from tests.scenarios.story import Story
from tests.web.api.caller import Caller
from world.papers import paper


@pytest.mark.usefixtures("lived")
def test_an_event_is_acknowledged_once(story: Story, caller: Caller) -> None:
    event = caller.json("events?kind=paper.new")["items"][0]["id"]
    first = caller.post(f"events/{event}/ack", {"note": "read it"})
    assert first.json() == {"event": event, "at": story.now.isoformat(), "note": "read it", "changed": True}
    assert caller.post(f"events/{event}/ack", {"note": "again"}).json()["changed"] is False
    assert event not in [one["id"] for one in caller.walk("events?unacknowledged=true")]
    assert caller.post("events/ffff/ack").status_code == 404
    assert caller.post(f"events/{event}/ack", {"noted": "x"}).json()["faults"][0]["where"] == "body.noted"


@pytest.mark.usefixtures("lived")
def test_a_silence_begins_and_ends(caller: Caller) -> None:
    added = caller.post("silences", {"metric": "Citations", "person": "1001", "for": "14d", "reason": "holidays"})
    assert added.status_code == 201
    silence = added.json()
    assert (silence["metric"], silence["person"], silence["holds"]) == ("citations", "Zoë Example", True)
    assert caller.json("silences")["items"] == [silence]
    ended = caller.post(f"silences/{silence['id']}/end").json()
    assert ended["holds"] is False
    assert caller.json("silences")["items"] == []
    assert caller.walk("silences?all=true") == [ended]
    assert caller.post("silences/99/end").status_code == 404
    muted = caller.post("mutes", {"rule": "new papers", "person": "1001"})
    assert (muted.status_code, muted.json()["ends_at"]) == (201, None)


@pytest.mark.usefixtures("lived")
@pytest.mark.parametrize(
    ("said", "status", "detail"),
    [
        ({"reason": "x", "for": "1d"}, 422, "body: Value error, say what to silence, or everything alone."),
        ({"reason": "x", "everything": True}, 422, "body: Value error, a silence has an end: for, until."),
        ({"reason": "x", "everything": True, "for": "0d"}, 422, "body.for: Value error, this is no time at all."),
        ({"reason": "x", "everything": True, "until": "2026-11-01"}, 422, "body.until: that is over."),
        ({"reason": "x", "rule": "nwe papers", "for": "1d"}, 404, "body.rule: nothing is called 'nwe papers'; did you"),
        ({"reason": "x", "person": "nobody", "for": "1d"}, 404, "Nobody is followed as “nobody”."),
        ({"reason": " ", "everything": True, "for": "1d"}, 422, "body.reason: "),
    ],
)
def test_a_silence_of_nothing_is_refused(said: dict[str, object], status: int, detail: str, caller: Caller) -> None:
    refused = caller.post("silences", said)
    assert refused.status_code == status, refused.text
    assert refused.json()["detail"].startswith(detail), refused.text
    assert caller.json("silences?all=true")["items"] == []


@pytest.mark.usefixtures("lived")
def test_what_waits_is_tried_again_or_dropped(story: Story, caller: Caller) -> None:
    story.site.set_metric("1001", "citations", 2000)
    story.check()
    [waiting] = caller.json("outbox")["items"]
    assert waiting["state"] == "waiting"
    assert caller.post("outbox/retry", {"ids": [waiting["event"]]}).json()["items"] == [waiting["event"]]
    assert caller.post("outbox/retry", {}).status_code == 422
    assert caller.post("outbox/drop", {"ids": ["ffff"], "reason": "x"}).status_code == 404
    dropped = caller.post("outbox/drop", {"ids": [waiting["event"]], "reason": "nobody cares"}).json()
    assert [item["event"] for item in dropped["items"]] == [waiting["event"]]
    assert caller.json("outbox")["items"] == []
    [verdict] = caller.json(f"events/{waiting['event']}")["verdicts"]
    assert (verdict["kind"], "nobody cares" in verdict["why"]) == ("dropped", True)


@pytest.mark.usefixtures("lived")
def test_a_page_that_is_held_back_is_rejected_or_accepted(story: Story, caller: Caller) -> None:
    assert caller.post("quarantine/accept", {"person": "1001"}).status_code == 409
    for number in range(20):
        story.site.add_paper("1001", paper(f"Somebody Else's Work {number}", published=story.yesterday()))
    story.check()
    [held] = caller.json("quarantine")["items"]
    [page] = caller.json(f"quarantine/pages?person={held['profile']}")
    assert len(page["new"]) == 20
    [rejected] = caller.post("quarantine/reject", {"person": held["profile"]}).json()
    assert len(rejected["rejected"]) == 20
    assert caller.json("quarantine/pages?person=1001") == []
    assert caller.post("quarantine/reject", {"person": "1001"}).status_code == 409
    assert caller.post("quarantine/accept", {"person": "1001"}).json() == {"person": "1001", "accepted": 1}
    assert caller.post("quarantine/reject", {"person": "nobody"}).status_code == 404


def test_somebody_is_followed_from_the_next_run_on(
    story: Story, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.fetch = {"user_agent": "Lab (mailto:me@example.org)"}
    story.follow()
    url = "https://www.scholarfeed.org/author/12345"
    before = story.config.read_text("utf-8")
    looked = caller.post("people", {"urls": [url], "name": "Ada", "tags": ["rl"], "dry_run": True})
    assert looked.status_code == 200
    assert story.config.read_text("utf-8") == before
    followed = caller.post("people", {"urls": [url], "name": "Ada", "tags": ["rl"]})
    assert followed.status_code == 201
    profile = {"source": "scholarfeed", "key": "12345", "url": url}
    assert followed.json() == looked.json() == [{"name": "Ada", "tags": ["rl"], "profiles": [profile]}]
    assert [person.name for person in story.settings.people] == ["Ada"]
    again = caller.post("people", {"urls": [url]})
    assert (again.status_code, "is followed already" in again.json()["detail"]) == (409, True)
    # What stands for a variable of the environment elsewhere is text here.
    monkeypatch.setenv("CANARY", "5ecre7")
    assert "5ecre7" not in caller.post("people", {"urls": [f"{url}${{CANARY}}"], "dry_run": True}).text
    assert "5ecre7" not in caller.post("people", {"urls": [url], "name": "${CANARY}"}).text
    assert caller.post("people", {"urls": ["https://example.org/ada"]}).status_code == 409
    assert caller.post("people", {"urls": [url], "source": "fame"}).status_code == 422
