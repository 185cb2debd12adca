"""How a list is read, an answer known again, and what is said where something is wrong."""

from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any

import pytest

from tests.scenarios.story import Story
from tests.web.api.caller import Caller


@pytest.mark.usefixtures("lived")
def test_an_answer_that_somebody_has_is_not_sent_again(story: Story, caller: Caller) -> None:
    first = caller.get("events")
    etag = first.headers["etag"]
    assert etag.startswith('"')
    for had in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = caller.get("events", if_none_match=had)
        assert (again.status_code, again.headers["etag"], again.content) == (304, etag, b""), had
    assert caller.get("events", if_none_match='"other"').status_code == 200
    story.site.set_metric("1001", "citations", 1400)
    story.check()
    changed = caller.get("events", if_none_match=etag)
    assert changed.status_code == 200
    assert changed.headers["etag"] != etag
    assert caller.get("feeds/all.atom", if_none_match=caller.get("feeds/all.atom").headers["etag"]).status_code == 304


@pytest.mark.usefixtures("lived")
def test_events_are_chosen_by_what_they_are(caller: Caller) -> None:
    everything = caller.walk("events")
    assert caller.walk("events?order=newest") == everything[::-1]
    assert caller.walk("events?kind=paper.new&kind=paper.removed") == [
        event for event in everything if event["kind"] in ("paper.new", "paper.removed")
    ]
    assert caller.walk("events?source=scholarfeed&cause=source&cause=enrichment") == everything
    assert caller.walk("events?source=dblp") == caller.walk("events?cause=backfill") == []
    zoe = caller.walk("events?person=Zo%C3%AB%20Example")
    assert 0 < len(zoe) < len(everything)
    assert caller.walk("events?person=scholarfeed/1001") == zoe


@pytest.mark.usefixtures("lived")
def test_a_person_at_a_time(caller: Caller) -> None:
    then, now = caller.json("people/1?at=2026-11-23"), caller.json("people/1")
    assert then["profiles"][0]["metrics"]["citations"] == 1204
    assert now["profiles"][0]["metrics"]["citations"] == 1311
    assert caller.json("people/1?at=2026-11-24T08:00:00%2B01:00")["profiles"][0]["metrics"]["citations"] == 1204
    # Before all that anybody can mean nothing is known, whatever the year.
    assert caller.json("people/1?at=0001-01-01")["papers"] == []


@pytest.mark.usefixtures("lived")
@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("people/99", 404, "Nobody is followed as “99”."),
        ("people/0", 422, "path.person_id: Input should be greater than or equal to 1."),
        ("people/99999999999999999999", 422, "path.person_id: Input should be less than or equal to 2147483647."),
        ("people/99/metrics", 404, "Nobody is followed as “99”."),
        ("people/1/metrics?metric=fame", 404, "No metric is called “fame”; there are:"),
        ("events?kind=paper.gnu", 422, "query.kind.0: Input should be"),
        ("events?since=yesterday", 422, "query.since: Value error, this is no date or time; write 2026-11-22, or"),
        ("events?kindd=paper.new", 422, "No parameter is called “kindd”; there are: cause, cursor,"),
        ("events?limit=501", 422, "query.limit: Input should be less than or equal to 500."),
        ("events?person=nobody", 404, "Nobody is followed as “nobody”."),
        ("events/ffff", 404, "No event has an id that begins with “ffff”."),
        ("runs/99", 404, "There is no run 99; the latest are"),
        ("feeds/tags/rl.atom", 404, "Nobody has the tag “rl”."),
        ("feeds/rules/fame.json", 404, "No rule is called “fame”."),
        ("exports/papers.csv?tag=rl", 404, "nobody has the tag “rl”"),
        ("exports/everything.jsonl?since=99", 404, "There is no run 99"),
        ("hosts?day=86400", 422, "query.day: Value error, this is no date; write 2026-11-22."),
        ("nothing", 404, "There is no such thing here."),
        ("feeds/all.x%0A", 400, "There is no line break in an address."),
        ("people/%0A99/metrics", 400, "There is no line break in an address."),
        ("people/", 404, "There is no such thing here."),
    ],
)
def test_what_is_wrong_is_said_in_one_form(path: str, status: int, said: str, caller: Caller) -> None:
    answer = caller.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["detail"].startswith(said), problem["detail"]


@pytest.mark.usefixtures("lived")
def test_a_cursor_is_good_for_its_own_list_only(caller: Caller) -> None:
    cursor = caller.json("events?limit=1")["next"]
    assert caller.json(f"events?limit=1&cursor={cursor}")["items"]
    for path in ("events?order=newest", "people?limit=1", "runs?limit=1"):
        separator = "&" if "?" in path else "?"
        assert caller.json(f"{path}{separator}cursor={cursor}", 422)["detail"].startswith("cursor: ")
    for parts in (
        "[]",
        '["events oldest", 1, "a"]',
        '["events oldest", "2026-11-22", "a"]',
        "[" * 900,
        "NaN",
        '"\ud800"',
    ):
        forged = urlsafe_b64encode(parts.encode("utf-8", "surrogatepass")).decode()
        assert caller.json(f"events?cursor={forged}", 422)["status"] == 422
    assert caller.json("events?cursor=%C3%A9", 422)["status"] == 422


@pytest.mark.usefixtures("lived")
def test_health_is_for_a_monitor(story: Story, caller: Caller) -> None:
    well = caller.json("health")
    assert (well["well"], well["troubles"]) == (True, [])
    story.now += timedelta(days=9)
    assert kinds_of(caller.json("health", 503)) == ["late"]
    story.config.write_text("people: [", "utf-8")
    assert kinds_of(caller.json("health", 503)) == ["late", "configuration"]


def kinds_of(health: dict[str, Any]) -> list[str]:
    return [trouble["kind"] for trouble in health["troubles"]]


def test_there_is_an_answer_before_anybody_is_followed(caller: Caller) -> None:
    for path in ("people", "events", "runs", "hosts", "outbox", "silences", "quarantine"):
        assert caller.json(path) == {"items": [], "next": None}
    assert caller.json("feeds/all.json")["items"] == []
    assert caller.get("feeds/all.atom").status_code == 200
    assert caller.get("exports/papers.bib").content == b""
    assert caller.json("status")["people"] == 0


def test_the_description_says_what_there_is(caller: Caller) -> None:
    described = caller.json("openapi.json")
    assert described["openapi"].startswith("3.1")
    assert "/events/{event_id}/proof" in described["paths"]
    assert described["components"]["securitySchemes"] == {"token": {"type": "http", "scheme": "bearer"}}
    assert "http" not in str(described["servers"])
