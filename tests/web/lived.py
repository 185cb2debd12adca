"""Some days of two people: a paper comes, one leaves and returns, metrics move, a gap, and what a hostile site writes."""

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

from tests.new_databases import new_sqlite
from tests.scenarios.story import Story
from world.papers import paper
from world.site import Site

#: Where nothing of it may act: a script, a handler, a link that runs, a mark that turns the writing round.
HOSTILE_TITLE = '<script>document.title="run"</script><img src=x onerror=alert(1)> \u202eOn \x1b[31mTori "\' {{7*7}}'
HOSTILE_NAME = "Zoë <b onmouseover=alert(2)>Example</b>"


def live(story: Story) -> None:
    """Five checks; Zoë Example has four papers in the end, and Ben Example has the title of somebody hostile."""
    site = story.site
    site.on(date(2026, 11, 23))
    old = paper("An Older Thing", published=date(2024, 3, 5), arxiv_id="2403.00001")
    torus = paper("Sheaves on a Torus", published=date(2026, 7, 14), arxiv_id="2607.00002")
    extra = [paper(f"Paper {number}", published=date(2025, 1, 1 + number)) for number in range(4)]
    site.author("Zoë Example", [old, torus, *extra], key="1001", h_index=29, citations=1204, novelty=0.55)
    site.author(HOSTILE_NAME, [paper("Quiet", published=date(2025, 2, 1))], key="1002", h_index=3, citations=10)
    story.follow("1001", "1002")
    story.check()
    story.deliver()
    site.add_paper("1001", paper("A New Thing", published=story.yesterday(), arxiv_id="2611.00003", has_code=True))
    site.set_metric("1001", "citations", 1311)
    site.set_metric("1001", "h_index", 30)
    site.add_paper("1002", paper(HOSTILE_TITLE, published=story.yesterday()))
    story.check()
    story.deliver()
    site.remove_paper("1001", old.title)
    story.check()
    story.check()
    story.deliver()


class Kept:
    """What was lived once, for others to go on from: to live it anew takes fifty times as long as to copy it.

    They share the site, one after another. What happens to it after is undone for the next.
    """

    def __init__(self, site: Site, folder: Path) -> None:
        self._story = Story(site, folder, new_sqlite(folder / "scholarwatch.db"))
        live(self._story)
        self._profiles = [site.profile(key) for key in ("1001", "1002")]

    def go_on(self, story: Story) -> None:
        """Let it have happened to this story, which follows nobody yet. On PostgreSQL it has to happen."""
        if "://" in story.database:
            live(story)
            return
        kept = self._story
        for profile in self._profiles:
            kept.site.show(profile)
        kept.site.up()
        kept.site.on(kept.now.date())
        story.site, story.now = kept.site, kept.now
        story.follow("1001", "1002")
        story.alerts.write_bytes(kept.alerts.read_bytes())
        with (
            closing(sqlite3.connect(kept.settings.database)) as lived,
            closing(sqlite3.connect(story.settings.database)) as copied,
        ):
            lived.backup(copied)
