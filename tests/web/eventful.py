"""What there is to do on a busy day: pages that nobody believes, a receiver that takes nothing, a silence, a failure."""

from datetime import date, timedelta

from flows.silencing import Matcher, silence
from storage.store import Store
from tests.scenarios.story import Story
from tests.web.lived import live
from world.papers import Paper, paper, papers

#: Of these two the pages are held back: that of the first is hers all the same, that of the second is another's.
DOUBTED, MISTAKEN = "1003", "1004"
#: It takes nothing while there is a folder of this name.
CLOGGED = "clogged.jsonl"


def become_eventful(story: Story) -> None:
    """What `live` tells, and then all that a page can have to show or to ask."""
    live(story)
    site = story.site
    for key, name in ((DOUBTED, "Cleo Example"), (MISTAKEN, "Dan Example")):
        site.author(name, papers(10, before=date(2026, 6, 1)), key=key, total=200, citations=40)
    story.receivers |= {"clogged": {"file": CLOGGED}}
    (story.config.parent / CLOGGED).mkdir()
    story.follow("1001", "1002", DOUBTED, MISTAKEN)
    _give_tags(story)
    story.check()
    story.deliver()
    for key in (DOUBTED, MISTAKEN):
        site.page(key, papers=[*foreign(f", {key}"), *site.profile(key).papers])
    site.blocked("1002", times=1)
    story.check()
    story.deliver()
    site.add_paper("1001", paper("What Waits", published=story.yesterday()))
    story.check(after=timedelta(hours=20))
    be_silent(story, "holidays")


def foreign(mark: str = "") -> list[Paper]:
    """Fifteen papers of another field, all at once; the mark ends each title."""
    return [
        paper(f"{what} of the {organ}{mark}", published=date(2026, 11, 20), authors=("Ed Namesake", "Cy Other"))
        for what in ("Tumours", "Oedemas", "Lesions")
        for organ in ("liver", "spleen", "kidney", "lung", "heart")
    ]


def _give_tags(story: Story) -> None:
    text = story.config.read_text("utf-8")
    story.config.write_text(text.replace("  profiles:", "  tags: [robots, lab]\n  profiles:"), "utf-8")


def be_silent(story: Story, reason: str) -> None:
    """About citations, for two weeks."""
    about, ends_at = Matcher(metric="citations"), story.now + timedelta(days=14)
    with Store.open_existing(story.settings.database) as store:
        silence(store, story.settings, about, now=story.now, ends_at=ends_at, reason=reason)
