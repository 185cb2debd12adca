"""The backfill itself, through real origins and a real store."""

import asyncio
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.backfill import dry_run
from flows.backfill_wanted import OriginChoice, OriginKind, Wanted, WrongWish
from flows.config.whole import Settings
from flows.deliver import deliver
from storage.errors import UnknownPerson
from storage.store import Store
from tests.flows.past_pages import (
    ADA,
    BO,
    BROKEN,
    NOW,
    fill,
    march,
    recorded,
    save_three_days,
    saved,
    say_whose,
    settings_for,
)
from tracking.check import Outcome
from tracking.event import EventKind
from world.refusals import captcha, login

MARCH_1 = date(2026, 3, 1)


def pages(path: Path, **more: Any) -> OriginChoice:
    return OriginChoice(kind=OriginKind.PAGES, where=(str(path),), **more)


@pytest.fixture
def three_days(tmp_path: Path) -> Path:
    return save_three_days(tmp_path / "saved")


def test_three_days(three_days: Path, tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    filled = fill(settings, pages(three_days), profile=ADA)
    assert filled.to_json() | {"elapsed_seconds": None} == {
        "kind": "backfill",
        "dry_run": False,
        "run": "1",
        "now": NOW.isoformat(),
        "state": "ok",
        "origin": "pages",
        "profiles": 1,
        "captures": 3,
        "known": 0,
        "read": 3,
        "outcomes": {"ok": 3},
        "events": {"metric.changed": 2, "paper.new": 1, "profile.baseline": 1},
        "withdrawn": 0,
        "skipped": 0,
        "skips": [],
        "failed": 0,
        "failures": [],
        "requests": 0,
        "elapsed_seconds": None,
    }
    with Store.open(settings.database) as store:
        assert {(event.cause, event.recorded_at) for event in store.events()} == {("backfill", NOW)}
        assert store.status().undelivered == 0
        (state,) = store.person("Ada Example", datetime(2026, 3, 3, tzinfo=UTC)).profiles
    assert (state.metrics["citations"].value, len(state.papers)) == (107, 1)


def test_a_second_time_nothing_is_read(three_days: Path, tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    fill(settings, pages(three_days), profile=ADA)
    before = recorded(settings)
    again = fill(settings, pages(three_days), profile=ADA).to_json()
    assert (again["captures"], again["known"], again["read"], again["outcomes"]) == (3, 3, 0, {})
    assert recorded(settings) == before


def test_what_comes_of_all_kinds_of_pages(tmp_path: Path) -> None:
    shown = dict([march(1, 100), march(2, 101), march(6, 101)]) | {
        "ada_2026-03-03.html": captcha().encode(),
        "ada_2026-03-04.html": login().encode(),
        "ada_2026-03-05.html": BROKEN,
        "undated.html": b"<p>when was this?",
    }
    settings = settings_for(tmp_path)
    first, second = (fill(settings, pages(saved_once(tmp_path, shown)), profile=ADA).to_json() for _ in range(2))
    assert first["outcomes"] == {"blocked": 1, "login": 1, "ok": 2, "parse_failed": 1, "unchanged": 1}
    assert (first["captures"], first["known"], first["state"], first["failed"]) == (6, 0, "degraded", 1)
    (failed,) = first["failures"]
    assert (failed["person"], failed["profile"], failed["outcome"]) == ("Ada Example", ADA, "parse_failed")
    assert (failed["place"], failed["observed_at"]) == ("ada_2026-03-05.html", "2026-03-05T12:00:00+00:00")
    assert first["skips"] == [{"place": "undated.html", "reason": "has no date in its name; give --at or a manifest"}]
    # The next parser may understand it; the others are what they are.
    assert (second["known"], second["outcomes"], second["events"]) == (5, {"parse_failed": 1}, {})


def saved_once(folder: Path, shown: dict[str, bytes]) -> Path:
    return folder / "all" if (folder / "all").exists() else saved(folder / "all", shown)


def test_of_many_failures_the_first_are_listed(tmp_path: Path) -> None:
    folder = saved(tmp_path / "saved", {f"{MARCH_1 + timedelta(days=day)}.html": BROKEN for day in range(30)})
    filled = fill(settings_for(tmp_path), pages(folder), profile=ADA).to_json()
    assert (filled["failed"], len(filled["failures"]), filled["outcomes"]) == (30, 20, {"parse_failed": 30})


def test_since_and_until(three_days: Path, tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    filled = fill(settings, pages(three_days), profile=ADA, since=date(2026, 3, 2), until=date(2026, 3, 3))
    assert (filled.plan.captures, filled.tally.outcomes) == (1, {Outcome.OK: 1})


def test_the_beginning_moves_back_as_older_pages_come(three_days: Path, tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    fill(settings, pages(three_days / "ada_2026-03-04.html"), people=("ada",), profile=None)
    assert recorded(settings) == [("profile.baseline", "")]
    filled = fill(settings, pages(three_days), profile=ADA).to_json()
    assert (filled["known"], filled["events"]["profile.baseline"], filled["withdrawn"]) == (1, 1, 1)
    with Store.open(settings.database) as store:
        (baseline,) = store.events(kinds=[EventKind.PROFILE_BASELINE])
    assert baseline.observed_at.date() == MARCH_1


# ---- whose pages they are


def test_a_manifest_of_several_people(three_days: Path, tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    table = tmp_path / "saved.csv"
    rows = [f"ada_2026-03-01.html,2026-03-01,{ADA}", "ada_2026-03-02.html,2026-03-02,1002"]
    say_whose(table, *rows)
    with pytest.raises(WrongWish, match=r"ada_2026-03-04\.html would be a page of Ada Example and of Bo Example"):
        fill(settings, pages(three_days, manifest=table))
    say_whose(table, *rows, f"ada_2026-03-04.html,2026-03-04T10:00:00+01:00,{BO}")
    filled = fill(settings, pages(three_days, manifest=table))
    assert [len(plan.survey.captures) for plan in filled.plan.profiles] == [1, 2]
    with Store.open(settings.database) as store:
        (state,) = store.person("Bo Example").profiles
    assert state.observed_at == datetime(2026, 3, 4, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wanted", "error", "sentence"),
    [
        ({}, WrongWish, "2 profiles are meant"),
        ({"people": ("Nobody",)}, UnknownPerson, "nobody is followed as “Nobody”"),
        ({"profile": "https://www.scholarfeed.org/author/7"}, WrongWish, "no followed profile is at"),
    ],
    ids=["everybody", "nobody", "a stranger"],
)
@pytest.mark.parametrize("dry", [False, True], ids=["for good", "dry run"])
def test_unclear_wishes_record_nothing(
    wanted: dict[str, Any], error: type[Exception], sentence: str, dry: bool, three_days: Path, tmp_path: Path
) -> None:
    settings = settings_for(tmp_path)
    asked = plan if dry else fill
    with pytest.raises(error, match=sentence):
        asked(settings, pages(three_days), **wanted)
    with Store.open(settings.database) as store:
        assert store.begin_run("track", NOW) == "1"


# ---- a dry run


def plan(settings: Settings, choice: OriginChoice, **wanted: Any) -> dict[str, Any]:
    return asyncio.run(dry_run(settings, NOW, Wanted(origin=choice, **wanted))).to_json()


def test_a_dry_run_needs_no_database_and_makes_none(three_days: Path, tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    found = plan(settings, pages(three_days), people=("bo example",))
    assert (found["captures"], found["known"], found["new"], found["reads"]) == (3, 0, 3, 3)
    assert (found["requests"], found["seconds"], found["run"]) == (0, 0.0, None)
    assert [profile["person"] for profile in found["profiles"]] == ["Bo Example"]
    assert not Path(settings.database).exists()


def test_a_dry_run_knows_what_is_recorded_and_who_is_new(three_days: Path, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, people={"Ada Example": ADA})
    fill(settings, pages(three_days), until=date(2026, 3, 2))
    settings = settings_for(tmp_path)
    assert plan(settings, pages(three_days), people=("Ada",))["new"] == 1
    assert plan(settings, pages(three_days), people=("Bo Example",))["new"] == 3
    assert plan(settings, pages(three_days), profile=ADA)["known"] == 2
    with Store.open(settings.database) as store:
        assert [person.name for person in store.people()] == ["Ada Example"]


# ---- who hears of it


def test_nobody_hears_unless_asked_to(three_days: Path, tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    fill(settings, pages(three_days), profile=ADA)
    with Store.open(settings.database) as store:
        assert deliver(store, settings, NOW).messages == 0


def test_one_digest_for_those_who_want_it(three_days: Path, tmp_path: Path) -> None:
    receivers = {"me": {"file": "alerts.jsonl"}, "you": {"file": "yours.jsonl"}}
    rules = [
        {"name": "papers", "on": ["paper.new"], "notify": ["me"], "every": "instant"},
        {"name": "numbers", "on": ["metric.changed"], "notify": ["me", "you"], "every": "weekly"},
    ]
    settings = settings_for(tmp_path, receivers=receivers, rules=rules)
    fill(settings, pages(three_days), profile=ADA, notify=True)
    with Store.open(settings.database) as store:
        assert deliver(store, settings, NOW).messages == 2
        assert deliver(store, settings, NOW + timedelta(days=9)).messages == 0
    (mine,), (yours,) = messages(tmp_path / "alerts.jsonl"), messages(tmp_path / "yours.jsonl")
    assert [(item["kind"], item["title"]) for item in mine["items"]] == [
        ("paper.new", "A New Thing"),
        ("metric.changed", "citations"),
        ("metric.changed", "papers"),
    ]
    assert [item["title"] for item in yours["items"]] == ["citations", "papers"]
    assert {item["person"] for item in (*mine["items"], *yours["items"])} == {"Ada Example"}
    again = fill(settings, pages(three_days), profile=ADA, notify=True)
    with Store.open(settings.database) as store:
        assert (again.tally.events, deliver(store, settings, NOW).messages) == ({}, 0)


def messages(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
