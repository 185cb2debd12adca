"""Pages as large as real ones, of people that nobody is."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from scrapers.parse import parse_page
from tracking.check import Page, Parsed
from tracking.view import FollowedPerson, FollowedProfile
from world.markup import Style, render_page
from world.papers import Press
from world.profile import Profile

PAGE_BYTES = 143_000
PAPERS = 50
FIRST_DAY = datetime(2026, 1, 1, 9, tzinfo=UTC)


def person(number: int) -> FollowedPerson:
    url = f"http://127.0.0.1/author/{number}"
    return FollowedPerson(
        name=f"Ada Example {number}", profiles=(FollowedProfile(source="scholarfeed", key=str(number), url=url),)
    )


def profile(number: int, papers: int = PAPERS) -> Profile:
    press = Press(number, abstract_characters=(1100, 1500))
    shown = tuple(
        press.paper(("Ada Example", "Ben Example"), FIRST_DAY.date() - timedelta(days=60 + place))
        for place in range(papers)
    )
    metrics = {"papers": papers, "h_index": 12, "citations": 1000, "novelty": 0.55, "ai_score": 63}
    return Profile(key=str(number), name=f"Ada Example {number}", field="LG", metrics=metrics, papers=shown)


def page(shown: Profile, day: date, *, citations: int = 1000) -> Page:
    """The page of a profile on a day, when it has so many citations."""
    now = replace(shown, metrics={**shown.metrics, "citations": citations})
    body = render_page(now, day, Style(pad_to_bytes=PAGE_BYTES)).encode()
    return Page(
        url=f"http://127.0.0.1/author/{shown.key}", status=200, headers={"content-type": "text/html"}, body=body
    )


def parsed(page: Page, day: date) -> Parsed:
    """What the page says; one of these pages that can not be read is a fault of the benchmark."""
    answer = parse_page("scholarfeed", page, day)
    if not isinstance(answer, Parsed):
        raise SystemExit(f"a made-up page can not be read: {answer.detail}")
    return answer
