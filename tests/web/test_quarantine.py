"""A page that changed too much is looked at in the browser, and answered for."""

from datetime import date

import pytest

from storage.store import Store
from tests.scenarios.story import Story
from tests.web.lived import HOSTILE_NAME, HOSTILE_TITLE
from tests.web.visitor import Visitor, words
from world.papers import paper, papers

KEY = "1001"
OWN = papers(10, before=date(2026, 6, 1))
FOREIGN = [
    paper(f"{what} of the {organ}", published=date(2026, 11, 20), authors=("Zoë Example", "Cy Other"))
    for what in ("Tumours", "Oedemas", "Lesions")
    for organ in ("liver", "spleen", "kidney", "lung", "heart")
]
HOSTILE = paper(HOSTILE_TITLE, published=date(2026, 11, 20), authors=(HOSTILE_NAME,))


@pytest.fixture
def asked(story: Story) -> str:
    """The address of the question about a page with 16 papers more, one of them of somebody hostile."""
    story.site.author(HOSTILE_NAME, OWN, key=KEY, total=200, citations=1204)
    story.follow(KEY)
    story.hears()
    story.site.page(KEY, papers=[HOSTILE, *FOREIGN, *OWN])
    [question] = story.items()
    assert question["kind"] == "profile.suspect"
    with Store.open_existing(story.settings.database) as store:
        return f"/quarantine/{store.quarantine()[0].profile_id}"


def test_where_nothing_is_held_back_somebody_learns_what_would_be(visitor: Visitor) -> None:
    assert "Nothing is held back" in visitor.text("/quarantine")
    assert "Nothing of this page is held back" in visitor.text("/quarantine/7", status=404)


def test_the_evidence_lies_beside_the_answer_and_nothing_of_it_acts(visitor: Visitor, asked: str) -> None:
    assert "16 papers at once" in visitor.text("/quarantine")
    assert visitor.page("/quarantine").select_one(f'a[href="{asked}"]')
    [answer] = visitor.page("/").select(".health-line a")
    assert (answer.get_text(), answer["href"]) == ("Answer", "/quarantine")
    page = visitor.page(asked)
    assert "16 papers new" in words(page)
    assert "And 4 more" in words(page)
    assert "10 papers as before" in words(page)
    assert not page(["img", "b", "style"])
    assert [script.string for script in page("script")] == [None]
    [frame] = page("iframe")
    assert frame["src"] == f"{asked}/raw"
    assert not frame["sandbox"]  # it may do nothing at all
    raw = visitor.get(f"{asked}/raw")
    assert raw.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert "Tumours of the liver" in raw.text


def test_a_page_is_accepted_and_told_once(visitor: Visitor, story: Story, asked: str) -> None:
    answer = visitor.send(visitor.page(asked), f"{asked}/accept")
    assert (answer.status_code, answer.headers["location"]) == (303, asked)
    assert "Accepted. The next run takes the page" in visitor.text(asked)
    assert "accepted" in visitor.text("/quarantine")
    assert len([heard for heard in story.hears() if heard.startswith("paper.new")]) == 16
    assert "Nothing is held back" in visitor.text("/quarantine")


def test_a_page_is_rejected_and_that_is_taken_back(visitor: Visitor, story: Story, asked: str) -> None:
    assert visitor.send(visitor.page(asked), f"{asked}/reject").status_code == 303
    shown = visitor.text(asked)
    assert "Rejected. What was new on the page is left out" in shown
    assert "16 papers of this page rejected" in shown
    assert story.hears() == []
    [button] = [form for form in visitor.page(asked)("form") if form["action"] == f"{asked}/accept"]
    assert "Take the last rejection back" in button.text
    assert visitor.send(visitor.page(asked), f"{asked}/accept").status_code == 303
    assert len([heard for heard in story.hears() if heard.startswith("paper.new")]) == 16


def test_an_answer_is_about_the_page_that_was_looked_at(visitor: Visitor, story: Story, asked: str) -> None:
    shown = visitor.page(asked)
    story.site.page(KEY, papers=[*FOREIGN, *OWN])
    story.check()
    for verb in ("accept", "reject"):
        answer = visitor.send(shown, f"{asked}/{verb}")
        assert answer.status_code == 409
        assert "look at it again" in answer.text
    with Store.open_existing(story.settings.database) as store:
        [view] = store.quarantine()
        assert (view.accepted, view.rejected) == (False, 0)


def test_an_answer_that_no_page_of_ours_has_sent_is_refused(visitor: Visitor, story: Story, asked: str) -> None:
    visitor.page(asked)
    for verb in ("accept", "reject"):
        assert visitor.post(f"{asked}/{verb}", {"form_token": "guessed"}).status_code == 403
    with Store.open_existing(story.settings.database) as store:
        assert [(view.accepted, view.rejected) for view in store.quarantine()] == [(False, 0)]
