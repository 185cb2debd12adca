"""The first days of somebody who has just installed the program: every command a process, every line as printed."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.command import json_lines, scholarwatch
from world.papers import paper
from world.site import Site

MONDAY = "2026-11-23T09:00:00+00:00"
TUESDAY = "2026-11-24T09:00:00+00:00"


@pytest.fixture
def site() -> Iterator[Site]:
    with Site(today=date(2026, 11, 23)) as site:
        listed = [
            paper("An Older Thing", published=date(2024, 3, 5), arxiv_id="2403.00001"),
            paper("Sheaves on a Torus", published=date(2026, 7, 14), arxiv_id="2607.00002"),
        ]
        site.author("Zoë Example", listed, key="1001", h_index=2, citations=1204, novelty=0.55)
        yield site


def lines(*words: str, cwd: Path, codes: tuple[int, ...] = (0,)) -> list[str]:
    """What a command prints on standard output; it says nothing on standard error."""
    ended = scholarwatch(*words, cwd=cwd, codes=codes)
    assert ended.stderr == ""
    return ended.stdout.splitlines()


def one_json(*words: str, cwd: Path, codes: tuple[int, ...] = (0,)) -> dict[str, Any]:
    """The one JSON object that a command prints on standard output."""
    [line] = scholarwatch(*words, "--json", cwd=cwd, codes=codes).stdout.splitlines()
    values = json.loads(line)
    assert isinstance(values, dict)
    return values


def begin(site: Site, folder: Path) -> None:
    """Follow the one person of the site, and look for the first time on Monday."""
    scholarwatch("init", "--contact", "me@example.org", cwd=folder)
    scholarwatch("follow", site.url("1001"), "--source", "scholarfeed", "--tag", "lab", cwd=folder)
    scholarwatch("run", "--now", MONDAY, cwd=folder)


def a_day_goes_by(site: Site) -> None:
    site.on(date(2026, 11, 24))
    site.add_paper("1001", paper("A New Thing", published=date(2026, 11, 23), arxiv_id="2611.00003"))
    site.set_metric("1001", "citations", 1311)


def test_the_first_two_days_in_words(site: Site, tmp_path: Path) -> None:
    url = site.url("1001")
    assert lines("init", "--contact", "me@example.org", cwd=tmp_path) == [
        "scholarwatch.yaml is written.",
        "Next: scholarwatch follow URL",
    ]
    assert lines("follow", url, "--source", "scholarfeed", "--tag", "lab", cwd=tmp_path) == [
        f"Following {url} (scholarfeed 1001).",
        "Next: scholarwatch run",
    ]
    first = lines("run", "--now", MONDAY, cwd=tmp_path)
    assert re.fullmatch(r"1 profile checked in \d+\.\d s: 1 ok\.", first[0])
    assert first[1] == "Recorded: 1 profile.baseline."
    assert "  2 papers are known; what comes from now on is told" in first
    assert first[-1] == "1 of 1 message delivered."
    assert lines("run", "--now", MONDAY, cwd=tmp_path) == [
        "Nothing to check: every profile was checked at this time or later."
    ]
    a_day_goes_by(site)
    second = lines("run", "--now", TUESDAY, cwd=tmp_path)
    assert second[1] == "Recorded: 2 metric.changed, 1 paper.new."
    assert "New paper by Zoë Example" in second
    assert "  A New Thing" in second
    assert lines("deliver", "--now", TUESDAY, cwd=tmp_path) == ["Nothing waits to be delivered."]
    assert lines("people", cwd=tmp_path) == [
        f"person       tags  last check            outcome  {'profile':<{len(url)}}".rstrip(),
        f"Zoë Example  lab   2026-11-24 09:00 UTC  ok       {url}",
    ]
    assert lines("show", "zoë", cwd=tmp_path) == [
        "Zoë Example (lab)",
        "",
        f"{url} (scholarfeed 1001)",
        "  last check 2026-11-24 09:00 UTC: ok",
        "  Zoë Example · LG, as observed 2026-11-24 09:00 UTC",
        "  citations         1,311   since 2026-11-24",
        "  h-index               2   since 2026-11-23",
        "  novelty            55 %   since 2026-11-23",
        "  papers                3   since 2026-11-24",
        "",
        "  2026-11-23  A New Thing",
        "  2026-07-14  Sheaves on a Torus",
        "  2024-03-05  An Older Thing",
    ]
    [baseline, *changes] = lines("events", cwd=tmp_path)
    assert baseline == "2026-11-23 09:00 UTC  profile.baseline  Zoë Example: followed from now on, with 2 papers"
    assert sorted(changes) == [
        "2026-11-24 09:00 UTC  metric.changed    Zoë Example: citations 1,204 → 1,311 (+107, +8.9 %)",
        "2026-11-24 09:00 UTC  metric.changed    Zoë Example: papers 2 → 3 (+1, +50.0 %)",
        "2026-11-24 09:00 UTC  paper.new         Zoë Example: A New Thing",
    ]
    status = lines("status", "--now", TUESDAY, cwd=tmp_path)
    assert status[:2] == ["Following 1 person on 1 profile.", "Last check of each profile: 1 ok."]
    assert re.fullmatch(r"Recorded: 3 papers and 4 events, in \d\.\d MB\.", status[2])


def test_the_first_two_days_as_json(site: Site, tmp_path: Path) -> None:
    url = site.url("1001")
    profile = {"source": "scholarfeed", "key": "1001", "url": url}
    init = one_json("init", "--contact", "me@example.org", cwd=tmp_path)
    assert init == {"config": "scholarwatch.yaml", "contact": "me@example.org"}
    followed = one_json("follow", url, "--source", "scholarfeed", "--tag", "lab", cwd=tmp_path)
    assert followed == {"name": None, "tags": ["lab"], "profiles": [profile]}
    first = one_json("run", "--now", MONDAY, cwd=tmp_path)
    assert first["track"]["events"] == {"profile.baseline": 1}
    a_day_goes_by(site)
    second = one_json("run", "--now", TUESDAY, cwd=tmp_path)
    host = url.split("/")[2]
    track = {
        "kind": "track", "run": "3", "now": TUESDAY, "state": "ok", "profiles": 1, "outcomes": {"ok": 1},
        "overtaken": 0, "failed": 0, "failures": [], "events": {"metric.changed": 2, "paper.new": 1},
        "hosts": {host: 1}, "bytes": second["track"]["bytes"], "elapsed_seconds": second["track"]["elapsed_seconds"],
    }  # fmt: skip
    deliver = {
        "kind": "deliver", "run": "4", "now": TUESDAY, "state": "ok", "messages": 1, "delivered": 1, "items": 1,
        "failures": [], "elapsed_seconds": second["deliver"]["elapsed_seconds"],
    }  # fmt: skip
    assert second == {"track": track, "deliver": deliver}
    person = {
        "id": 1, "name": "Zoë Example", "tags": ["lab"], "active": True,
        "profiles": [
            profile
            | {
                "active": True, "checked_at": TUESDAY, "outcome": "ok", "detail": "",
                "observed_at": TUESDAY, "confirmed_at": TUESDAY,
            }
        ],
    }  # fmt: skip
    assert json_lines("people", cwd=tmp_path) == [person]
    status = one_json("status", "--now", TUESDAY, cwd=tmp_path)
    assert status == {
        "people": 1, "profiles": 1, "papers": 3, "snapshots": 2, "events": 4, "outcomes": {"ok": 1},
        "undelivered": status["undelivered"], "dead": 0, "last_track": track, "last_deliver": deliver,
        "size_bytes": status["size_bytes"], "troubles": [],
    }  # fmt: skip


def test_events_as_json_have_the_form_of_the_design(site: Site, tmp_path: Path) -> None:
    begin(site, tmp_path)
    a_day_goes_by(site)
    scholarwatch("run", "--now", TUESDAY, cwd=tmp_path)
    events = json_lines("events", "--since", "2026-11-24", cwd=tmp_path)
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
    [told] = json_lines("events", "--kind", "paper.new", "--person", "1001", cwd=tmp_path)
    assert list(told) == order


def test_show_as_json_is_now_or_as_it_was(site: Site, tmp_path: Path) -> None:
    begin(site, tmp_path)
    a_day_goes_by(site)
    scholarwatch("run", "--now", TUESDAY, cwd=tmp_path)
    now = one_json("show", "1001", cwd=tmp_path)
    then = one_json("show", "1001", "--at", "2026-11-23", cwd=tmp_path)
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
    assert lines("show", "1001", "--at", "2026-11-01", cwd=tmp_path)[-1] == (
        "  nothing was read by 2026-11-01 23:59 UTC"
    )


def test_a_day_on_which_the_page_is_blocked(site: Site, tmp_path: Path) -> None:
    begin(site, tmp_path)
    site.blocked("1001")
    said = lines("run", "--now", TUESDAY, cwd=tmp_path, codes=(1,))
    assert re.fullmatch(r"1 profile checked in \d+\.\d s: 1 blocked\.", said[0])
    assert said[1].startswith("  blocked: Zoë Example: ")
    assert said[2:] == ["Recorded: nothing new."]
    status = lines("status", "--now", TUESDAY, cwd=tmp_path, codes=(1,))
    assert status[-1] == "! 1 of 1 profile could not be read at the last check"
    assert lines("events", "--since", "2026-11-24", cwd=tmp_path) == ["Nothing of this kind was recorded."]


def test_a_receiver_that_fails_and_one_that_works(tmp_path: Path) -> None:
    (tmp_path / "scholarwatch.yaml").write_text(
        "people: []\nreceivers:\n  good: {file: alerts.jsonl}\n  bad: {file: nowhere/alerts.jsonl}\n"
    )
    assert lines("notify", "test", "good", cwd=tmp_path) == ["good: delivered."]
    [message] = [json.loads(line) for line in (tmp_path / "alerts.jsonl").read_text("utf-8").splitlines()]
    assert message["receiver"] == "good"
    failed = one_json("notify", "test", "bad", cwd=tmp_path, codes=(1,))
    assert failed == {
        "receiver": "bad", "message": failed["message"], "delivered": False, "error": failed["error"],
    }  # fmt: skip
    assert "nowhere" in failed["error"]
