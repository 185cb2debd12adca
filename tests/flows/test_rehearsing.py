"""`rules test` over what is stored."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from alerts.message import Message
from flows.config.error import ConfigError
from flows.config.whole import Settings
from flows.rehearsal_stage import Wanted, WrongRehearsal
from flows.rehearsing import RehearsalReport, rehearse
from flows.settings import load, with_rules_of
from storage.errors import UnknownPerson
from storage.store import Store
from tests.flows.rehearsed import RULES, configure, end, live
from tests.storage.builders import day
from tracking.alert import VerdictKind


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return live(configure(tmp_path_factory.mktemp("lived")))


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with Store.open_existing(settings.database) as opened:
        yield opened


def test_what_would_have_been_sent(store: Store, settings: Settings) -> None:
    messages, report = rehearsed(store, settings)
    assert counts(report) == {
        # Six days of seven with a step of two or more, and a paper a week; one that two rules ask for goes at once.
        "me": (70, 70, {"papers": 10, "citations": 60}),
        "log": (10, 10, {"papers": 10, "scored": 6}),
    }
    assert (report.since, report.until, report.waiting) == (day(0), end(), 0)
    first, *_, last = messages
    assert (first.created_at, first.receiver, first.items[0]["after"]) == (day(1), "me", 103)
    assert last.created_at == day(69)
    me, log = report.receivers
    assert me.sent.messages_a_week == pytest.approx(7)
    assert me.sent.kept_back == {VerdictKind.NO_RULE: 10}
    assert log.sent.kept_back == {VerdictKind.NO_RULE: 70}


def test_of_a_part_of_history_with_what_was_told_before(store: Store, settings: Settings) -> None:
    cooled = with_rules(settings, [{"name": "weekly", "on": "metric.changed", "cooldown": "7d", "notify": ["me"]}])
    whole, _ = rehearsed(store, cooled)
    late, report = rehearsed(store, cooled, since=day(31))
    assert [message.created_at for message in late] == [day(35), day(42), day(49), day(56), day(63)]
    assert [(one.created_at, one.items) for one in late] == [(one.created_at, one.items) for one in whole[5:]]
    assert report.since == day(31)
    assert report.receivers[0].sent.kept_back == {VerdictKind.COOLDOWN: 34, VerdictKind.NO_RULE: 6}
    early, _ = rehearsed(store, cooled, until=day(15))
    assert [message.created_at for message in early] == [day(0), day(7), day(14)]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"rules": ("Citations",)}, {"me": (60, 60, {"citations": 60}), "log": (0, 0, {})}),
        ({"rules": ("papers", "scored")}, {"me": (10, 10, {"papers": 10}), "log": (10, 10, {"papers": 10, "scored": 6})}),
        ({"rules": ("scored",)}, {"me": (0, 0, {}), "log": (6, 6, {"scored": 6})}),
        ({"receiver": "log"}, {"log": (10, 10, {"papers": 10, "scored": 6})}),
        ({"person": "Mary"}, {"me": (10, 10, {"papers": 10, "citations": 0}), "log": (10, 10, {"papers": 10, "scored": 6})}),
    ],
    ids=["one rule", "two rules", "a rule of digests", "one receiver", "one person"],
)  # fmt: skip
def test_of_some_only(store: Store, settings: Settings, wanted: dict[str, Any], expected: dict[str, Any]) -> None:
    assert counts(rehearsed(store, settings, **wanted)[1]) == expected


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"rules": ("citation",)}, "no rule is called “citation”; did you mean “citations”?"),
        ({"receiver": "mee"}, "no receiver is called “mee”; did you mean “me”?"),
        ({"until": day(0)}, "it exists from 2026-03-01 08:00 UTC until 2026-05-09 08:00 UTC"),
        ({"since": end() + timedelta(days=1), "until": end() + timedelta(days=1)}, "there is no history from then"),
    ],
)
def test_what_there_is_not(store: Store, settings: Settings, wanted: dict[str, Any], message: str) -> None:
    with pytest.raises(WrongRehearsal, match=message.replace("?", r"\?")):
        rehearsed(store, settings, **wanted)


def test_nobody(store: Store, settings: Settings) -> None:
    with pytest.raises(UnknownPerson):
        rehearsed(store, settings, person="Grace Hopper")


def test_who_is_not_followed_any_more_is_left_out(store: Store, settings: Settings) -> None:
    _, report = rehearsed(store, replace(settings, people=settings.people[1:]))
    assert counts(report)["me"] == (10, 10, {"papers": 10, "citations": 0})
    with pytest.raises(WrongRehearsal, match="there is no history yet"):
        rehearsed(store, replace(settings, people=()))


def test_with_the_tags_of_today(tmp_path: Path, store: Store) -> None:
    rules = [{"name": "rl", "on": "metric.changed", "where": {"tag": "theory"}}]
    tagged = load(configure(tmp_path, rules))
    ada, mary = tagged.people
    tagged = replace(tagged, people=(replace(ada, tags=("theory",)), mary))
    assert counts(rehearsed(store, tagged)[1])["me"] == (70, 70, {"rl": 70})


def test_of_the_deliveries_that_there_were(tmp_path: Path) -> None:
    settings = live(configure(tmp_path, RULES[:1]))
    with Store.open(settings.database) as store:
        for number in (5, 20, 40):
            store.end_run(store.begin_run("deliver", day(number)), {})
        messages, _ = rehearsed(store, settings)
    at = [(message.created_at, len(message.items)) for message in messages if message.receiver == "me"]
    hour = timedelta(hours=1)
    alone = [(day(number) + hour, 1) for number in (45, 52, 59, 66)]
    assert at == [(day(3) + hour, 1), (day(20), 2), (day(40), 3), *alone]


def test_progress_until_the_end(store: Store, settings: Settings) -> None:
    seen: list[tuple[int, int]] = []
    wanted = Wanted(until=end())
    rehearse(
        store, settings, wanted, on_message=lambda _: None, progress=lambda total, done: seen.append((total, done))
    )
    assert seen[-1] == (80, 80)


# ---- the rules of another file


def test_rules_and_tags_of_another_file(tmp_path: Path, settings: Settings, store: Store) -> None:
    tags = {"rl": {"rules": [{"name": "big steps", "where": {"delta": ">= 7"}}]}}
    rules = [{"name": "big steps", "on": "metric.changed", "where": {"delta": ">= 6"}, "notify": ["me"]}]
    other = with_rules_of(settings, write(tmp_path, {"rules": rules, "tags": tags}))
    assert counts(rehearsed(store, other)[1])["me"] == (10, 10, {"big steps": 10})


def test_a_whole_configuration(tmp_path: Path, settings: Settings, store: Store) -> None:
    """It brings its people, but not its database."""
    other = with_rules_of(settings, configure(tmp_path, RULES[:1]))
    assert other.database == settings.database
    assert counts(rehearsed(store, other)[1])["me"] == (10, 10, {"papers": 10})


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ({}, r"other.yaml:1: rules: there are none in this file"),
        ({"rules": [{"name": "x", "on": "paper.nw"}]}, r"other.yaml:3: rules\[0\].on: no such kind of event"),
        ({"rules": [{"name": "x", "on": "paper.new", "notify": "you"}]}, r"rules\[0\].notify: no receiver is called “you”"),
    ],
)  # fmt: skip
def test_what_is_wrong_there_is_said_with_that_file(
    tmp_path: Path, settings: Settings, written: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        with_rules_of(settings, write(tmp_path, written))


def write(folder: Path, written: dict[str, Any]) -> Path:
    path = folder / "other.yaml"
    path.write_text(yaml.safe_dump(written, sort_keys=False), "utf-8")
    return path


def with_rules(settings: Settings, rules: list[dict[str, Any]]) -> Settings:
    return with_rules_of(settings, write(settings.config_path.parent, {"rules": rules}))


def rehearsed(store: Store, settings: Settings, **wanted: Any) -> tuple[list[Message], RehearsalReport]:
    messages: list[Message] = []
    report = rehearse(store, settings, Wanted(**({"until": end()} | wanted)), on_message=messages.append)
    assert len(messages) == sum(one.sent.messages for one in report.receivers)
    return messages, report


def counts(report: RehearsalReport) -> dict[str, tuple[int, int, dict[str, int]]]:
    """By receiver: messages, items, and messages by rule."""
    return {
        one.receiver: (
            one.sent.messages,
            one.sent.items,
            {rule: sent.messages for rule, sent in one.rules.items()},
        )
        for one in report.receivers
    }
