"""Stories of somebody who has not heard of something, and asks why."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from cli.why_not_text import answer_text
from flows.revert import revert
from flows.why_not import Reply, why_not
from storage.store import Store
from tests.scenarios.story import Story
from tracking.answer import Reason
from world.papers import Paper, paper, papers
from world.site import Site

LONG_AGO = date(2026, 6, 1)
BEES = "Counting Bees at Night"
CODE_ONLY: list[dict[str, Any]] = [{"name": "with code", "on": "paper.new", "where": {"has_code": True}}]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def story(site: Site, tmp_path: Path) -> Story:
    return Story(site, tmp_path, str(tmp_path / "scholarwatch.db"))


@pytest.fixture
def ada(site: Site, story: Story) -> str:
    """A profile of 12 papers that has been seen once."""
    key = site.author("Ada Example", papers(12, before=LONG_AGO), h_index=29, citations=1204)
    story.follow(key)
    story.hears()
    return key


def bees(story: Story, *, authors: tuple[str, ...] = ("Ada Example", "Bo Example")) -> Paper:
    return paper(BEES, published=story.yesterday(), arxiv_id="2611.00003", authors=authors)


def ask(story: Story, asked: str, receiver: str | None = None) -> Reply:
    with Store.open_existing(story.settings.database) as store:
        return why_not(store, asked, receiver=receiver, now=story.now, cadences=story.settings.cadences)


def reasons(story: Story, asked: str = BEES) -> list[str]:
    return [answer.reason.value for answer in ask(story, asked).answers]


def first(story: Story, asked: str = BEES) -> str:
    """The most likely answer, as people read it."""
    return answer_text(ask(story, asked).answers[0], story.now)


def test_a_paper_that_was_told_is_found_by_whatever_it_is_called(site: Site, story: Story, ada: str) -> None:
    site.add_paper(ada, bees(story))
    assert story.hears() == [f"paper.new: {BEES}"]
    message = story.messages()[-1]["id"]
    for asked in (
        "2611.00003",
        "arXiv:2611.00003v2",
        "https://arxiv.org/pdf/2611.00003",
        "ARXIV:2611.00003",
        "bees at",
    ):
        assert first(story, asked).startswith(
            f"me: Told on 2026-11-24 09:00 UTC in message {message}, at the first try."
        )
    assert reasons(story) == [Reason.TOLD]


def test_the_same_paper_of_somebody_else_was_told_before(site: Site, story: Story, ada: str) -> None:
    bo = site.author("Bo Example", papers(12, before=LONG_AGO, author="Bo Example"))
    story.follow(ada, bo)
    story.hears()
    site.add_paper(ada, bees(story))
    story.hears()
    site.add_paper(bo, bees(story))
    assert story.hears() == []
    assert reasons(story) == [Reason.TOLD, Reason.TOLD_BEFORE]
    assert ", by way of Ada Example at scholarfeed." in answer_text(ask(story, BEES).answers[1], story.now)


def test_on_its_way_and_given_up(site: Site, story: Story, ada: str) -> None:
    site.add_paper(ada, bees(story))
    story.check()
    assert reasons(story) == [Reason.TO_SEND]
    with Store.open_existing(story.settings.database) as store:
        (message,) = store.undelivered(story.now)
        store.failed(message.id, story.now, "no route to host", story.now + timedelta(hours=1))
        assert reasons(story) == [Reason.RETRYING]
        assert "(no route to host), and is tried again on 2026-11-24 10:00 UTC" in first(story)
        store.failed(message.id, story.now, "no such host", None)
    assert first(story).endswith(f"scholarwatch outbox retry {message.id}. A rule asked for it at once.")
    with Store.open_existing(story.settings.database) as store:
        store.drop([message.id], "sent by hand", story.now)
    assert reasons(story) == [Reason.DROPPED]


def test_no_rule_and_which_came_near(site: Site, story: Story, ada: str) -> None:
    story.follow(ada, rules=CODE_ONLY)
    site.add_paper(ada, bees(story))
    assert story.hears() == []
    (answer,) = ask(story, BEES).answers
    assert answer.reason is Reason.NO_RULE
    assert answer.judged is not None
    assert "with code" in answer.judged.why


def test_late_from_the_start_and_never(site: Site, story: Story, ada: str) -> None:
    old = site.profile(ada).papers[0].title
    assert reasons(story, old) == [Reason.BASELINE]
    site.add_paper(ada, paper(BEES, published=date(2021, 5, 4)))
    story.hears()
    assert "It came late: published 2021-05-04, first seen on 2026-11-24 09:00 UTC" in first(story)
    reply = ask(story, "A Paper of Nobody")
    assert ([answer.reason for answer in reply.answers], reply.is_unknown) == ([Reason.NEVER_SEEN], True)
    assert "1 page was last read on 2026-11-24 09:00 UTC." in first(story, "A Paper of Nobody")


def test_a_page_that_nobody_can_read_may_have_it(site: Site, story: Story, ada: str) -> None:
    site.add_paper(ada, bees(story))
    site.blocked(ada)
    story.check()
    assert reasons(story) == [Reason.NEVER_SEEN, Reason.REFUSED]
    assert reasons(story, "ada")[0] == Reason.REFUSED


def test_a_page_that_is_held_back_has_it_and_what_is_rejected_of_it(site: Site, story: Story, ada: str) -> None:
    foreign = papers(12, before=date(2026, 11, 20), author="Ada Example")
    site.page(ada, papers=[bees(story), *foreign, *site.profile(ada).papers])
    story.check()
    assert story.outcome() == "quarantined"
    reply = ask(story, BEES)
    assert ([answer.reason for answer in reply.answers], reply.is_unknown) == ([Reason.HELD_BACK], False)
    assert f"“{BEES}” is on the page of Ada Example at scholarfeed that came on 2026-11-24 09:00 UTC" in first(story)
    assert reasons(story, "Ada Example")[0] == Reason.HELD_BACK
    from flows.quarantine import reject

    with Store.open_existing(story.settings.database) as store:
        (held,) = store.held_pages("Ada")
        reject(store, held, story.now)
    for asked in (BEES, "2611.00003"):
        assert reasons(story, asked) == [Reason.REJECTED]


def test_a_run_that_was_taken_back(site: Site, story: Story, ada: str) -> None:
    site.add_paper(ada, bees(story))
    story.hears()
    site.remove_paper(ada, BEES)
    with Store.open_existing(story.settings.database) as store:
        run = store.find_run("latest").run_id
        revert(store, story.settings, run, story.now + timedelta(hours=1))
    assert reasons(story) == [Reason.TAKEN_BACK]
    assert " and taken back on 2026-11-24 10:00 UTC." in first(story)
    assert story.hears() == [f"profile.corrected: {BEES}"]
    # What is found again is told again.
    site.add_paper(ada, bees(story))
    assert story.hears() == [f"paper.new: {BEES}"]
    assert reasons(story)[0] == Reason.TOLD
