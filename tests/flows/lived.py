"""A database in which somebody was followed for eight days, and whose past was then filled in."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

from scrapers.parse import parse_page
from storage.store import Store
from tests.scenarios.story import Story
from tracking.check import Page, Parsed
from tracking.late import LateSighting
from world.papers import Paper, paper
from world.site import Site

FIRST_DAY = datetime(2026, 11, 22, 9, tzinfo=UTC)
KEY = "1001"


def papers() -> list[Paper]:
    months = range(1, 7)
    return [paper(f"On Rings of Order {month}", published=date(2026, month, 3), has_code=True) for month in months]


def lived(database: str, folder: Path) -> None:
    """A new paper, a new title, a score, metrics that move and hide, a paper that goes and comes back; all is told.

    Pages of two days before and of one in between come last, out of order.
    """
    with Site() as site:
        site.author("Zoë Example", papers(), key=KEY, h_index=4, citations=1204, novelty=0.55)
        past = [
            _capture(site, FIRST_DAY - timedelta(days=back), citations) for back, citations in ((40, 900), (9, 950))
        ]
        site.set_metric(KEY, "citations", 1204)
        story = Story(site, folder, database)
        story.now = FIRST_DAY - timedelta(days=1)
        story.follow(KEY)
        for happens in (lambda: None, *_days(site)):
            happens()
            story.hears()
        between = _capture(site, FIRST_DAY + timedelta(days=1, hours=5), 1250)
    with Store.open(database) as store:
        (profile,) = store.to_fill()
        for late in (between, *past):
            run_id = store.begin_run("backfill", story.now)
            store.insert(profile.profile_id, [late], run_id=run_id, recorded_at=story.now)


def _days(site: Site) -> list[Callable[[], None]]:
    """What happens before each check after the first."""
    new = paper("A New Thing", published=date(2026, 11, 22), arxiv_id="2611.00003")

    def publishes() -> None:
        site.add_paper(KEY, new)
        site.set_metric(KEY, "citations", 1311)

    def is_corrected() -> None:
        site.retitle(KEY, "On Rings of Order 2", "Another Name Altogether for Rings")
        site.hide_metric(KEY, "novelty")

    return [
        publishes,
        is_corrected,
        lambda: None,
        lambda: site.remove_paper(KEY, "On Rings of Order 6"),
        lambda: site.amend(KEY, "A New Thing", score=98.1),
        lambda: site.add_paper(KEY, papers()[5]),
        lambda: site.set_metric(KEY, "novelty", 0.56),
    ]


def _capture(site: Site, at: datetime, citations: int) -> LateSighting:
    """The page as it is now, but for the citations, observed at some time."""
    site.on(at.date())
    site.set_metric(KEY, "citations", citations)
    with urlopen(site.url(KEY)) as answer:
        headers = {"content-type": answer.headers["content-type"]}
        page = Page(url=site.url(KEY), status=200, headers=headers, body=answer.read())
    parsed = parse_page("scholarfeed", page, at.date())
    assert isinstance(parsed, Parsed)
    return LateSighting(observed_at=at, finding=parsed, origin="pages", place=f"{at:%Y-%m-%d}.html")
