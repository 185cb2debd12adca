"""Pictures of every page in light and dark, for the README and the docs.

    python -m benchmarks.pictures [--folder docs/pictures] [--only person]

The people are made up; Chromium and Playwright are needed. The same program makes the same pictures.
"""

import argparse
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser

from storage.store import Store
from tests.scenarios.story import Story
from tests.web.chromium import browser, patient
from tests.web.serving import served
from web.app import create
from world.papers import Paper, paper
from world.site import Site

_SIZE = {"width": 1100, "height": 760}
_PHONE = {"width": 390, "height": 760}
_COLOURS = 128

_TITLES = (
    "Learning to Verify Long Proofs", "Reward Models that Know What They Do Not Know", "Sheaves on a Torus",
    "Sparse Policies for Slow Robots", "A Field Guide to Glacier Noise", "Agents that Ask Before They Act",
    "Counting Bees with Graphs", "Quantum Markets Revisited", "On the Order of Lists",
)  # fmt: skip


def main() -> None:
    options = _options()
    folder = Path(options.folder)
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="scholarwatch-pictures-") as temporary, Site() as site:
        story = Story(site, Path(temporary), str(Path(temporary) / "scholarwatch.db"))
        _live(story)
        app = create(story.settings, lambda: story.now)
        with served(app) as address, browser() as chromium:
            for name, path in _pages(app.state.desk.store).items():
                if options.only in ("", name):
                    for colours in ("light", "dark"):
                        _picture(chromium, address + path, folder / f"{name}-{colours}.png", colours, _SIZE)
            if options.only in ("", "phone"):
                _picture(chromium, f"{address}/people/1", folder / "phone-light.png", "light", _PHONE)
    total = sum(file.stat().st_size for file in folder.glob("*.png"))
    print(f"{len(list(folder.glob('*.png')))} pictures, {total / 1e6:.2f} MB")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", default="docs/pictures")
    parser.add_argument("--only", default="", help="the picture of this name")
    return parser.parse_args()


def _pages(store: Store) -> dict[str, str]:
    [event, *_] = (one for one in store.events() if one.kind == "metric.milestone")
    return {
        "today": "/?since=month",
        "people": "/people",
        "groups": "/groups/robots",
        "person": "/people/1",
        "papers": "/people/1/papers",
        "timeline": "/people/1/events",
        "compare": "/people/1/compare",
        "sources": "/people/1/sources",
        "pages": "/people/1/pages",
        "event": f"/events/{event.id}",
        "follow": "/follow?url=https%3A%2F%2Fwww.scholarfeed.org%2Fauthor%2F12345&tags=robots",
        "quarantine": "/quarantine",
        "rules": "/rules",
        "silences": "/rules/silences",
        "runs": "/runs",
        "hosts": "/runs/hosts",
        "outbox": "/runs/outbox",
    }


def _picture(chromium: Browser, url: str, file: Path, colours: str, size: dict[str, int]) -> None:
    context = patient(
        chromium.new_context(
            viewport=size,  # type: ignore[arg-type]
            color_scheme=colours,  # type: ignore[arg-type]
            timezone_id="Europe/Zurich",
            locale="en-GB",
        )
    )
    context.add_cookies([{"name": "scholarwatch_zone", "value": "Europe/Zurich", "url": url}])
    page = context.new_page()
    page.goto(url)
    page.screenshot(path=file)
    context.close()
    with Image.open(file) as picture:
        picture.convert("RGB").quantize(_COLOURS).save(file, optimize=True)


def _live(story: Story) -> None:
    """A year of four people, a check a week."""
    site = story.site
    story.now = datetime(2025, 11, 23, 8, tzinfo=UTC)
    site.on(story.now.date())
    names = {"1": "Zoë Example", "2": "Ada Sample", "3": "Ben Muster", "4": "Wang Xiaoming"}
    for number, (key, name) in enumerate(names.items()):
        listed = [_paper(title, date(2025, 1 + place, 3), place) for place, title in enumerate(_TITLES[number:7])]
        site.author(
            name, listed, key=key, h_index=27 + 3 * number, citations=1_900 + 800 * number, novelty=0.55, ai_score=61
        )
    story.fetch = {"user_agent": "My Lab (mailto:me@example.org)"}
    story.follow(*names)
    _tag(story)
    for week in range(53):
        _week(story, week)
        story.check(after=timedelta(days=7))
        story.deliver()


def _week(story: Story, week: int) -> None:
    site = story.site
    for key in "1234":
        site.set_metric(key, "citations", 1_900 + 800 * (int(key) - 1) + week * (7 + int(key) * 3) + week % 3)
    if week % 13 == 9:
        site.set_metric("1", "h_index", 28 + week // 13)
    if week == 20:
        site.hide_metric("1", "ai_score")
    if week == 26:
        site.set_metric("1", "ai_score", 66)
    if week == 33:
        site.set_metric("1", "citations", 1_840)
    if week in (30, 47, 51):
        title = f"{_TITLES[week % 9]}, Continued"
        site.add_paper(str(1 + week % 2), _paper(title, story.now.date() + timedelta(days=5), week))


def _paper(title: str, published: date, number: int) -> Paper:
    return paper(
        title, published=published, authors=("Zoë Example", "Ada Sample", "Ben Muster"), has_code=number % 2 == 0,
        score=round(80 + number % 20 + 0.1, 1), institutions=("Example Institute",), category=("LG", "RO")[number % 2],
    )  # fmt: skip


def _tag(story: Story) -> None:
    text = story.config.read_text("utf-8")
    story.config.write_text(text.replace("  profiles:", "  tags: [robots, lab]\n  profiles:"), "utf-8")


if __name__ == "__main__":
    main()
