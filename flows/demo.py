"""The demonstration: a week of a made-up site, followed for real.

The site is served on loopback, the configuration is a file, the database is SQLite in a temporary folder. With
Prefect, the flows themselves run, against a temporary server that this process boots once and that forgets
everything; without, the plain functions that the flows wrap.
"""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from alerts.message import Message
from flows.deliver import deliver
from flows.settings import load
from flows.track import track
from storage.store import Store
from world.demo import DAYS, DemoWeek, demo_week

OneDay = Callable[[datetime], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Day:
    """What one simulated day brought: what was told, and what became of the checks."""

    number: int
    now: datetime
    messages: tuple[Message, ...]
    outcomes: dict[str, int]


@dataclass(frozen=True, slots=True)
class Week:
    """The end of it: what the site knows to have shown, beside what was told."""

    new_papers: int
    told: int
    told_twice: int
    untold: int


async def demo(tell: Callable[[Day], None], *, with_prefect: bool) -> Week:
    """Live through the week; ``tell`` hears of each day when it is over."""
    with TemporaryDirectory(prefix="scholarwatch-demo-") as folder, demo_week() as world:
        config = _write_config(Path(folder), world)
        alerts = Path(folder) / "alerts.jsonl"
        one_day = _flows(config, Path(folder)) if with_prefect else _plain(config)
        told: list[str] = []
        for number in range(1, DAYS + 1):
            if number > 1:
                world.advance()
            seen = len(_messages(alerts))
            await one_day(world.now)
            messages = _messages(alerts)[seen:]
            told += [item["title"] for message in messages for item in message.items if item["kind"] == "paper.new"]
            tell(Day(number, world.now, tuple(messages), _outcomes(config)))
        new = {paper.arxiv_id: paper.title for paper in world.truth.new_papers()}
        return Week(
            new_papers=len(new),
            told=len(told),
            told_twice=len(told) - len(set(told)),
            untold=len(set(new.values()) - set(told)),
        )


def _write_config(folder: Path, world: DemoWeek) -> Path:
    path = folder / "scholarwatch.yaml"
    people = [
        {"name": world.people[key].name, "profiles": [{"url": url, "source": "scholarfeed"}]}
        for key, url in world.urls.items()
    ]
    path.write_text(yaml.safe_dump({"people": people, "receivers": {"you": {"file": "alerts.jsonl"}}}), "utf-8")
    return path


def _plain(config: Path) -> OneDay:
    async def one_day(now: datetime) -> None:
        settings = load(config)
        with Store.open(settings.database) as store:
            await track(store, settings, now)
            deliver(store, settings, now)

    return one_day


def _flows(config: Path, folder: Path) -> OneDay:
    """The flows themselves. Prefect reads its settings when it is imported: so they are set before."""
    os.environ.update(_temporary_prefect(folder))
    os.environ.pop("PREFECT_API_URL", None)
    from flows import orchestrated

    async def one_day(now: datetime) -> None:
        await orchestrated.track(config=str(config), now=now, only_due=False)
        await orchestrated.deliver(config=str(config), now=now)

    return one_day


def _temporary_prefect(folder: Path) -> dict[str, str]:
    return {
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "true",
        # The first start after an installation compiles all of Prefect: more than the 20 seconds it would be given.
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "300",
        # On a file, the server's own services lock one another out, and each flow run waits two seconds for them.
        "PREFECT_API_DATABASE_CONNECTION_URL": "sqlite+aiosqlite:///file::memory:?cache=shared&uri=true&check_same_thread=false",
        "PREFECT_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
        "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }


def _messages(path: Path) -> list[Message]:
    if not path.exists():
        return []
    return [_message(json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def _message(values: dict[str, Any]) -> Message:
    return Message(
        id=values["id"],
        receiver=values["receiver"],
        rules=tuple(values["rule"].split(", ")),
        created_at=datetime.fromisoformat(values["created_at"]),
        digest=False,
        items=tuple(values["items"]),
    )


def _outcomes(config: Path) -> dict[str, int]:
    with Store.open_existing(load(config).database) as store:
        run = store.status().last_track
    outcomes = (run.manifest or {}).get("outcomes") if run else None
    return outcomes if isinstance(outcomes, dict) else {}


def run_demo(tell: Callable[[Day], None], *, with_prefect: bool) -> Week:
    """`demo`, for callers without an event loop."""
    return asyncio.run(demo(tell, with_prefect=with_prefect))
