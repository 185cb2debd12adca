"""Two days of a site with one researcher, Zoë Example, who has two papers on the first and publishes on the second."""

from datetime import date

from tests.cli.program import Program
from tests.new_databases import new_sqlite
from world.papers import paper
from world.site import Site

MONDAY = "2026-11-23T09:00:00+00:00"
TUESDAY = "2026-11-24T09:00:00+00:00"


def monday(site: Site) -> None:
    listed = [
        paper("An Older Thing", published=date(2024, 3, 5), arxiv_id="2403.00001"),
        paper("Sheaves on a Torus", published=date(2026, 7, 14), arxiv_id="2607.00002"),
    ]
    site.on(date(2026, 11, 23))
    site.author("Zoë Example", listed, key="1001", h_index=2, citations=1204, novelty=0.55)


def a_day_goes_by(site: Site) -> None:
    site.on(date(2026, 11, 24))
    site.add_paper("1001", paper("A New Thing", published=date(2026, 11, 23), arxiv_id="2611.00003"))
    site.set_metric("1001", "citations", 1311)


def begin(site: Site, program: Program) -> None:
    """Follow the one person of the site, and look for the first time on Monday."""
    assert program("init", "--contact", "me@example.org").code == 0
    assert program("follow", site.url("1001"), "--source", "scholarfeed").code == 0
    # The first run would make it; there it stands already.
    new_sqlite(program.folder / "scholarwatch.db")
    assert program("run", "--now", MONDAY).code == 0
