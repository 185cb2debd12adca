"""A made-up past: pages of two people on Scholar Feed, and somebody who follows them."""

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml

from flows.backfill import backfill
from flows.backfill_manifest import BackfillManifest
from flows.backfill_wanted import OriginChoice, Wanted
from flows.config.whole import Settings
from flows.settings import load
from storage.store import Store
from world.markup import Style, render_page
from world.papers import paper
from world.profile import Profile

ADA, BO = "https://www.scholarfeed.org/author/1001", "https://www.scholarfeed.org/author/1002"
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
#: What a source that is cut off in the middle leaves: no page that one could understand.
BROKEN = b"<html><body><h1>Ada Example</h1><p>h-index"


def settings_for(folder: Path, *, people: dict[str, str] | None = None, **sections: object) -> Settings:
    """The configuration of somebody who follows these people, by name and URL; by default Ada and Bo."""
    followed = {"Ada Example": ADA, "Bo Example": BO} if people is None else people
    written = {
        "people": [
            {"name": name, "profiles": [{"url": url, "source": "scholarfeed"}]} for name, url in followed.items()
        ],
        "receivers": {"me": {"file": "alerts.jsonl"}},
        "fetch": {"user_agent": "tests (mailto:me@example.org)"},
    }
    config = folder / "scholarwatch.yaml"
    config.write_text(yaml.safe_dump(written | sections), "utf-8")
    return load(config)


def page(on: date, citations: int, *, name: str = "Ada Example", also: tuple[str, ...] = ()) -> bytes:
    """The page of a day, with one old paper and those that are named, published the day before."""
    old = paper("An Older Thing", published=date(2021, 3, 5))
    new = [paper(title, published=on) for title in also]
    metrics = {"papers": 1 + len(new), "h_index": 1, "citations": citations}
    shown = Profile(key="1001", name=name, field="LG", metrics=metrics, papers=(*new, old))
    return render_page(shown, on, Style()).encode()


def march(day: int, citations: int, *also: str) -> tuple[str, bytes]:
    """Ada's page on a day of March, and a name for its file."""
    on = date(2026, 3, day)
    return f"ada_{on}.html", page(on, citations, also=also)


def save_three_days(folder: Path) -> Path:
    """Ada's page on three days of March: seven more citations, then a new paper."""
    return saved(folder, dict([march(1, 100), march(2, 107), march(4, 107, "A New Thing")]))


def say_whose(path: Path, *rows: str) -> Path:
    """A manifest of these rows: file, observed_at and profile."""
    path.write_text("\n".join(["file,observed_at,profile", *rows]), "utf-8")
    return path


def fill(settings: Settings, choice: OriginChoice, **wanted: Any) -> BackfillManifest:
    """A backfill of what is wanted, into the database of these settings."""
    with Store.open(settings.database) as store:
        return asyncio.run(backfill(store, settings, NOW, Wanted(origin=choice, **wanted)))


def recorded(settings: Settings) -> list[tuple[str, str]]:
    """Kind and subject of every event, in order."""
    with Store.open(settings.database) as store:
        return [(event.kind, event.paper_title or event.field or "") for event in store.events()]


def saved(folder: Path, pages: dict[str, bytes]) -> Path:
    """A folder of pages, by their names."""
    folder.mkdir()
    for name, body in pages.items():
        (folder / name).write_bytes(body)
    return folder
