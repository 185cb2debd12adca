"""SIGKILL at random points of track and deliver: everything is told once, or twice under one id, never not at all."""

import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import pytest

from storage.store import Store
from tests.alerts.hooks import SECRET, SignedHook, signed_hook
from tests.alerts.servers import MailServer, mail_server
from tests.forked import is_killed_at, kill_group, started_program
from tests.scenarios.command import alerts, follow_urls, scholarwatch
from world.rates import NO_TROUBLE, Rates
from world.simulation import World
from world.stock import StockPlan

RESEARCHERS = 20


@pytest.fixture
def world() -> Iterator[World]:
    plan = StockPlan(papers_each=(4, 6), abstract_characters=(100, 500))
    rates = Rates(most_new_papers_a_day=9)
    with World(7, researchers=RESEARCHERS, troubles=NO_TROUBLE, plan=plan, rates=rates) as world:
        yield world


@dataclass(frozen=True, slots=True)
class Receivers:
    """A file in the folder of the program, and two servers."""

    mail: MailServer
    hook: SignedHook

    def keys(self) -> dict[str, object]:
        smtp = {"server": f"smtp://127.0.0.1:{self.mail.port}", "insecure": True}
        return {
            "me": {"file": "alerts.jsonl"},
            "post": {"mail": {"to": "me@example.org", "from": "watch@example.org"} | smtp},
            "hook": {"webhook": self.hook.url, "secret": SECRET},
        }

    def forget(self) -> None:
        self.mail.received.clear()
        self.hook.ids.clear()

    def told(self, folder: Path) -> Counter[tuple[str, str]]:
        """How often each has taken each message since the servers forgot, and the file since its beginning."""
        return Counter(
            [("me", message["id"]) for message in alerts(folder)]
            + [("post", str(mail["message-id"])) for mail in self.mail.received]
            + [("hook", identifier) for identifier in self.hook.ids]
        )


@pytest.fixture
def receivers() -> Iterator[Receivers]:
    with mail_server() as mail, signed_hook() as hook:
        yield Receivers(mail, hook)


#: Kills a run in a folder that takes so many seconds undisturbed, somewhere; False when it had ended before.
Kill = Callable[[random.Random, float, tuple[str, ...], Path], bool]


def at_a_transaction(chance: random.Random, _: float, words: tuple[str, ...], folder: Path) -> bool:
    return is_killed_at(chance.randint(1, 12), *words, cwd=folder)


def at_a_moment(chance: random.Random, lasts: float, words: tuple[str, ...], folder: Path) -> bool:
    with started_program(*words, cwd=folder) as process:
        process.join(chance.random() * lasts)
        return kill_group(process)


@pytest.mark.parametrize(
    ("points", "kill"),
    [
        pytest.param(3, at_a_transaction, id="3 transactions"),
        pytest.param(200, at_a_moment, id="200 moments", marks=pytest.mark.slow),
    ],
)
def test_every_event_is_told_once_or_twice_under_one_id(
    points: int, kill: Kill, world: World, receivers: Receivers, tmp_path: Path
) -> None:
    yesterday = tmp_path / "yesterday"
    people = {world.people[key].name + key: url for key, url in world.urls.items()}
    follow_urls(yesterday, people, receivers=receivers.keys())
    scholarwatch("run", "--now", world.now.isoformat(), cwd=yesterday)
    for _ in range(3):
        world.advance()
    words = ("run", "--now", world.now.isoformat())

    receivers.forget()
    before = receivers.told(yesterday)
    undisturbed = Path(shutil.copytree(yesterday, tmp_path / "undisturbed"))
    began = perf_counter()
    scholarwatch(*words, cwd=undisturbed)
    lasts = perf_counter() - began
    expected = receivers.told(undisturbed)
    assert {receiver for receiver, _ in expected - before} == {"me", "post", "hook"}
    assert set(expected.values()) == {1}

    chance = random.Random(points)
    recorded = set()
    for point in range(points):
        receivers.forget()
        folder = Path(shutil.copytree(yesterday, tmp_path / f"killed {point}"))
        if kill(chance, lasts, words, folder):
            recorded.add(len(events(folder)))
        scholarwatch(*words, cwd=folder)
        assert events(folder) == events(undisturbed)
        told = receivers.told(folder)
        assert set(told) == set(expected)
        assert max(told.values()) <= 2
        shutil.rmtree(folder)
    # Of many, some fell before, between and after the transactions that matter; a few may all have come early.
    assert len(recorded) > 1 or points < 100


def events(folder: Path) -> list[str]:
    with Store.open_existing(str(folder / "scholarwatch.db")) as store:
        return sorted(event.id for event in store.events())
