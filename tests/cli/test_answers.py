"""What the verbs answer, whole, as JSON and on days that are not ordinary."""

import json
import re
from datetime import date

from tests.cli.days import MONDAY, TUESDAY, a_day_goes_by, begin
from tests.cli.program import Program
from world.papers import papers
from world.site import Site


def test_the_first_two_days_as_json(site: Site, program: Program) -> None:
    url = site.url("1001")
    profile = {"source": "scholarfeed", "key": "1001", "url": url}
    init = program("init", "--contact", "me@example.org", "--json").json()
    assert init == {"config": "scholarwatch.yaml", "contact": "me@example.org"}
    followed = program("follow", url, "--source", "scholarfeed", "--tag", "lab", "--json").json()
    assert followed == {"name": None, "tags": ["lab"], "profiles": [profile]}
    first = program("run", "--now", MONDAY, "--json").json()
    assert first["track"]["events"] == {"profile.baseline": 1}
    a_day_goes_by(site)
    second = program("run", "--now", TUESDAY, "--json").json()
    host = url.split("/")[2]
    track = {
        "kind": "track", "run": "3", "now": TUESDAY, "state": "ok", "profiles": 1, "outcomes": {"ok": 1},
        "overtaken": 0, "failed": 0, "failures": [], "events": {"metric.changed": 2, "paper.new": 1}, "absorbed": 0,
        "hosts": {host: 1}, "bytes": second["track"]["bytes"], "elapsed_seconds": second["track"]["elapsed_seconds"],
    }  # fmt: skip
    deliver = {
        "kind": "deliver", "run": "4", "now": TUESDAY, "state": "ok", "messages": 1, "delivered": 1, "waiting": 0,
        "items": 1, "failures": [], "closed": [], "elapsed_seconds": second["deliver"]["elapsed_seconds"],
    }  # fmt: skip
    assert second == {"track": track, "deliver": deliver}
    person = {
        "id": 1, "name": "Zoë Example", "tags": ["lab"], "active": True,
        "profiles": [
            profile
            | {
                "active": True, "checked_at": TUESDAY, "outcome": "ok", "detail": "",
                "observed_at": TUESDAY, "confirmed_at": TUESDAY, "rejected": 0,
            }
        ],
    }  # fmt: skip
    assert program("people", "--json").json_lines() == [person]
    status = program("status", "--now", TUESDAY, "--json").json()
    assert status == {
        "people": 1, "profiles": 1, "papers": 3, "snapshots": 2, "events": 4, "outcomes": {"ok": 1},
        "held": 0, "undelivered": status["undelivered"], "dead": 0, "retrying": 0, "switched_off": [],
        "last_track": track, "last_deliver": deliver, "size_bytes": status["size_bytes"], "last_good_run": TUESDAY,
        "late": False, "hosts": status["hosts"], "troubles": [],
        "health": status["health"],
    }  # fmt: skip
    [host] = status["hosts"]
    assert (host["requests"], host["budget_left"], host["resting"]) == (2, None, None)
    assert host["robots"] == {"fetched_at": host["robots"]["fetched_at"], "status": 404, "says": "no_rules"}


def test_events_as_json_have_the_form_of_the_design(site: Site, program: Program) -> None:
    begin(site, program)
    a_day_goes_by(site)
    program("run", "--now", TUESDAY)
    events = program("events", "--since", "2026-11-24", "--json").json_lines()
    for event in events:
        assert re.fullmatch(r"[0-9a-f]{16}", event.pop("id"))
    common = {
        "cause": "source", "person": "Zoë Example", "profile": "1001", "source": "scholarfeed",
        "observed_at": TUESDAY, "recorded_at": TUESDAY,
    }  # fmt: skip
    new_paper = {"key": "arxiv:2611.00003", "title": "A New Thing"}
    assert sorted(events, key=lambda event: str(event["field"])) == [
        {"kind": "paper.new", "paper": new_paper, "field": None, "before": None, "after": None} | common,
        {"kind": "metric.changed", "paper": None, "field": "citations", "before": 1204, "after": 1311} | common,
        {"kind": "metric.changed", "paper": None, "field": "papers", "before": 2, "after": 3} | common,
    ]
    order = ["id", "kind", "cause", "person", "profile", "source", "paper", "field", "before", "after", "observed_at",
             "recorded_at"]  # fmt: skip
    [told] = program("events", "--kind", "paper.new", "--person", "1001", "--json").json_lines()
    assert list(told) == order


def test_show_as_json_is_now_or_as_it_was(site: Site, program: Program) -> None:
    begin(site, program)
    a_day_goes_by(site)
    program("run", "--now", TUESDAY)
    now = program("show", "1001", "--json").json()
    then = program("show", "1001", "--at", "2026-11-23", "--json").json()
    assert (now["at"], then["at"]) == (None, "2026-11-23T23:59:59.999999+00:00")
    [profile_now], [profile_then] = now["profiles"], then["profiles"]
    assert profile_now["metrics"] == {"h_index": 2, "papers": 3, "citations": 1311, "novelty": 0.55}
    assert profile_then["metrics"] == {"h_index": 2, "papers": 2, "citations": 1204, "novelty": 0.55}
    assert profile_now["metrics_since"] == {
        "h_index": MONDAY, "papers": TUESDAY, "citations": TUESDAY, "novelty": MONDAY,
    }  # fmt: skip
    assert [shown["title"] for shown in profile_then["papers"]] == ["An Older Thing", "Sheaves on a Torus"]
    newest = profile_now["papers"][0]
    assert (newest["key"], newest["first_seen"], newest["listed"], newest["removed"]) == (
        "arxiv:2611.00003", TUESDAY, True, False,
    )  # fmt: skip
    before = program("show", "1001", "--at", "2026-11-01")
    assert before.out.splitlines()[-1] == (
        "  nothing is known of 2026-11-01 23:59 UTC: the first page is of 2026-11-23 09:00 UTC"
    )


def test_a_day_on_which_the_page_is_blocked(site: Site, program: Program) -> None:
    begin(site, program)
    site.blocked("1001")
    ended = program("run", "--now", TUESDAY)
    assert ended.code == 1
    checked, failure, recorded = ended.out.splitlines()
    assert re.fullmatch(r"1 profile checked in \d+\.\d s: 1 blocked\.", checked)
    assert failure.startswith("  blocked: Zoë Example: ")
    assert recorded == "Recorded: nothing new."
    status = program("status", "--now", TUESDAY)
    assert status.code == 1
    assert status.out.splitlines()[-1] == "! 1 of 1 profile could not be read at the last check"
    assert program("events", "--since", "2026-11-24").out == "Nothing of this kind was recorded.\n"


def test_many_pages_that_ask_for_a_login(site: Site, program: Program) -> None:
    keys = [site.author(f"Ada Example {number}", papers(1, before=date(2026, 11, 1))) for number in range(23)]
    assert program("init", "--contact", "me@example.org").code == 0
    assert program("follow", *map(site.url, keys), "--source", "scholarfeed", "--name", "Ada Example").code == 0
    site.login()
    ended = program("run", "--now", MONDAY)
    assert ended.code == 1
    [checked, *failures, rest, recorded] = ended.out.splitlines()
    assert checked.startswith("23 profiles checked in ")
    assert {failure.split(": ")[0] for failure in failures} == {"  login"}
    assert len(failures) == 20
    assert (rest, recorded) == ("  and 3 more that could not be read", "Recorded: nothing new.")


def test_papers_beyond_the_ten_published_last(site: Site, program: Program) -> None:
    site.page("1001", papers=papers(12, before=date(2026, 11, 1)))
    begin(site, program)
    shown = program("show", "1001").out.splitlines()
    everything = program("show", "1001", "--all").out.splitlines()
    assert shown[-1] == "  and 2 more: --all lists them"
    assert everything[: len(shown) - 1] == shown[:-1]
    assert len(everything) == len(shown) + 1


def test_a_page_that_must_be_looked_at(site: Site, program: Program) -> None:
    begin(site, program)
    site.page("1001", papers=papers(12, before=date(2026, 11, 1)))
    held = program("run", "--now", TUESDAY)
    assert held.out.splitlines()[0].endswith(": 1 quarantined.")
    [entry] = program("quarantine", "list", "--json").json_lines()
    assert entry == {
        "person": "Zoë Example", "profile": site.url("1001"), "checked_at": TUESDAY, "held_at": TUESDAY, "detail": entry["detail"],
        "accepted": False, "rejected": 0,
    }  # fmt: skip
    assert "1 profile changed too much" in program("status", "--now", TUESDAY).out
    table = program("quarantine", "list").out.splitlines()
    assert table[1] == f"Zoë Example  2026-11-24 09:00 UTC  {site.url('1001')}  none yet  {entry['detail']}"
    assert [line.rpartition(": ")[2] for line in table[-3:]] == [
        f"scholarwatch quarantine {verb} PERSON" for verb in ("show", "accept", "reject")
    ]
    accepted = program("quarantine", "accept", "zoë")
    assert (accepted.code, accepted.out) == (0, "The next run takes 1 page of “zoë” as it is.\n")
    assert "  accepted  12 papers at once" in program("quarantine", "list").out
    assert program("status", "--now", TUESDAY).code == 0
    assert program("run", "--now", "2026-11-25T09:00").out.splitlines()[0].endswith(": 1 ok.")
    assert program("quarantine", "list").out == "Nothing is held back.\n"


def test_somebody_who_is_not_followed_any_more(site: Site, program: Program) -> None:
    begin(site, program)
    program.write("scholarwatch.yaml", "people: []\n")
    assert program("run", "--now", TUESDAY).out == "Nobody is followed yet. Next: scholarwatch follow URL\n"
    assert program("people").out.splitlines()[0] == "Nobody is followed; who is, is listed from the next run on."
    assert "  not followed  " in program("people", "--all").out.splitlines()[1]
    assert program("show", "1001").out.splitlines()[0] == "Zoë Example, not followed any more"
    assert program("status", "--now", TUESDAY).code == 0


def test_a_receiver_that_works_and_one_that_fails(program: Program) -> None:
    program.write(
        "scholarwatch.yaml",
        "people: []\nreceivers:\n  good: {file: alerts.jsonl}\n  bad: {file: scholarwatch.yaml/alerts.jsonl}\n",
    )
    assert program("notify", "test", "good").out == "good: delivered.\n"
    [line] = (program.folder / "alerts.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["receiver"] == "good"
    failed = program("notify", "test", "bad", "--json")
    answer = failed.json()
    assert failed.code == 1
    assert answer == {"receiver": "bad", "message": answer["message"], "delivered": False, "error": answer["error"]}
    assert failed.err == f"bad: {answer['error']}\n"
    assert "scholarwatch.yaml" in answer["error"]


def test_a_message_that_cannot_be_delivered_waits(site: Site, program: Program) -> None:
    program.write(
        "scholarwatch.yaml",
        f"people: [{{profiles: [{{url: '{site.url('1001')}', source: scholarfeed}}]}}]\n"
        "receivers: {bad: {file: scholarwatch.yaml/alerts.jsonl}}\n",
    )
    ended = program("run", "--now", MONDAY)
    assert ended.code == 1
    *_, count, failure = ended.out.splitlines()
    assert count == "0 of 1 message delivered."
    assert re.fullmatch(r"  bad: .* \(next try 2026-11-23 09:\d\d UTC\)", failure)
    waiting = "Waiting to be delivered: 1 event; 1 message failed so far and will be tried again."
    assert waiting in program("status", "--now", MONDAY).out.splitlines()
