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

from flows.rehearsal_stage import Wanted
from tests.scenarios.story import Story
from tests.web.chromium import browser, patient
from tests.web.eventful import DOUBTED, be_silent, foreign
from tests.web.serving import served
from web.app import create
from web.desk import Desk
from world.papers import Paper, paper
from world.site import Site

_SIZE = {"width": 1100, "height": 840}
_PHONE = {"width": 390, "height": 760}
_COLOURS = 64
_TOKEN = "a token of some length"

_TITLES = (
    "Learning to Verify Long Proofs", "Reward Models that Know What They Do Not Know", "Sheaves on a Torus",
    "Sparse Policies for Slow Robots", "A Field Guide to Glacier Noise", "Agents that Ask Before They Act",
    "Counting Bees with Graphs", "Quantum Markets Revisited", "On the Order of Lists",
)  # fmt: skip


#: By the name of its picture, how each page is asked for. In braces stands what `_named` knows.
PAGES = {
    "today": "/?since=month",
    "people": "/people",
    "groups": "/groups",
    "group": "/groups/robots",
    "person": "/people/1",
    "papers": "/people/1/papers",
    "timeline": "/people/1/events",
    "compare": "/people/1/compare",
    "sources": "/people/1/sources",
    "pages": "/people/1/pages",
    "page": "/people/1/pages/{snapshot}",
    "event": "/events/{event}",
    "follow": "/follow?url=https%3A%2F%2Fwww.scholarfeed.org%2Fauthor%2F12345&tags=robots",
    "quarantine": "/quarantine",
    "question": "/quarantine/{held}",
    "rules": "/rules",
    "explain": "/rules/explain?person=Ada+Sample",
    "preview": "/rules/preview/{preview}",
    "silences": "/rules/silences",
    "runs": "/runs",
    "run": "/runs/{run}",
    "hosts": "/runs/hosts?day=2026-11-29",
    "outbox": "/runs/outbox",
    "preferences": "/preferences",
    "login": "/login",
}


def main() -> None:
    options = _options()
    folder = Path(options.folder)
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="scholarwatch-pictures-") as temporary, Site() as site:
        story = Story(site, Path(temporary), str(Path(temporary) / "scholarwatch.db"))
        _live(story)
        app = create(story.settings, lambda: story.now)
        guarded = create(story.settings, lambda: story.now, token=_TOKEN)
        named = _named(app.state.desk, story)
        with served(app) as address, served(guarded) as guarded_address, browser() as chromium:
            for name, path in PAGES.items():
                url = (guarded_address if name == "login" else address) + path.format(**named)
                if options.only in ("", name):
                    for colours in ("light", "dark"):
                        _picture(chromium, url, folder / f"{name}-{colours}.png", colours, _SIZE)
            if options.only in ("", "phone"):
                _picture(chromium, f"{address}/people/1", folder / "phone-light.png", "light", _PHONE)
    total = sum(file.stat().st_size for file in folder.glob("*.png"))
    print(f"{len(list(folder.glob('*.png')))} pictures, {total / 1e6:.2f} MB")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", default="docs/pictures")
    parser.add_argument("--only", default="", help="the picture of this name")
    return parser.parse_args()


def _named(desk: Desk, story: Story) -> dict[str, str]:
    """What of the addresses differs from story to story."""
    store = desk.store
    preview = desk.rehearsals.begin(
        store, story.settings, Wanted(since=story.now - timedelta(days=90), until=story.now)
    )
    preview.wait(600)
    return {
        "event": next(one.id for one in store.events() if one.kind == "metric.milestone"),
        "held": str(store.quarantine()[0].profile_id),
        "preview": preview.name,
        "run": next(run.run_id for run in store.runs() if run.kind == "track" and run.state == "degraded"),
        "snapshot": str(store.kept_snapshots(1, before=None, limit=1)[0].snapshot_id),
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
        picture.convert("RGB").quantize(_COLOURS, Image.Quantize.MAXCOVERAGE).save(file, optimize=True)


def _live(story: Story) -> None:
    """A year of four people, a check a week."""
    site = story.site
    story.now = datetime(2025, 11, 23, 8, tzinfo=UTC)
    site.on(story.now.date())
    names = {"1": "Zoë Example", "2": "Ada Sample", "3": "Ben Muster", "4": "Wang Xiaoming", DOUBTED: "Kim Doe"}
    for number, (key, name) in enumerate(names.items()):
        listed = [_paper(title, date(2025, 1 + place, 3), place) for place, title in enumerate(_TITLES[number:7])]
        site.author(
            name,
            listed,
            key=key,
            h_index=3 - number // 2,
            citations=1_900 + 800 * number,
            novelty=0.55,
            ai_score=61,
        )
    story.fetch = {"user_agent": "My Lab (mailto:me@example.org)"}
    story.follow(*names)
    _tag(story)
    for week in range(53):
        _week(story, week)
        story.check(after=timedelta(days=7))
        story.deliver()
    _last_day(story, *names)


def _last_day(story: Story, *keys: str) -> None:
    """One page that nobody believes, one that is not to be had, a receiver that does not answer, a silence."""
    site = story.site
    site.page(DOUBTED, papers=[*foreign(), *site.profile(DOUBTED).papers])
    site.blocked("4", times=1)
    site.add_paper("3", _paper("Rewards for Patience", story.now.date(), 3))
    story.receivers |= {"chat": {"apprise": "json://127.0.0.1:9"}}
    story.follow(*keys)
    _tag(story)
    story.check(after=timedelta(hours=12))
    story.deliver()
    be_silent(story, "the sources count anew")
    site.add_paper("1", _paper("Glaciers that Listen", story.now.date(), 4))
    story.check(after=timedelta(hours=12))


def _week(story: Story, week: int) -> None:
    site = story.site
    for key in "1234":
        site.set_metric(key, "citations", 1_900 + 800 * (int(key) - 1) + week * (7 + int(key) * 3) + week % 3)
    if week % 13 == 9:
        site.set_metric("1", "h_index", 4 + week // 13)
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
