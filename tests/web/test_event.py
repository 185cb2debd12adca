"""An event: what was decided, the proof on the spot, and that somebody has seen it."""

import pytest
from bs4 import BeautifulSoup

from tests.scenarios.story import Story
from tests.web.visitor import Visitor, words


def _new_paper(story: Story) -> str:
    [found] = (event.id for event in story.events() if event.paper_title == "A New Thing")
    return found


@pytest.mark.usefixtures("lived")
def test_verdicts_and_the_way_to_them(story: Story, visitor: Visitor) -> None:
    said = visitor.text(f"/events/{_new_paper(story)}")
    assert "A New Thing" in said
    assert "me sent Told on 2026-11-24 09:00 UTC" in said
    assert "rule “new papers”: a new paper" in said
    short = visitor.get(f"/events/{_new_paper(story)[:8]}")
    assert (short.status_code, short.headers["location"]) == (307, f"/events/{_new_paper(story)}")


@pytest.mark.usefixtures("lived")
def test_proof_on_the_spot(story: Story, visitor: Visitor) -> None:
    path = f"/events/{_new_paper(story)}"
    answer = visitor.send(visitor.page(path), f"{path}/verify")
    assert answer.status_code == 200
    said = words(BeautifulSoup(answer.text, "lxml"))
    assert "Proven." in said
    for ground in ("event", "facts", "reading", "page", "headers", "message"):
        assert f"✓ {ground}" in said


@pytest.mark.usefixtures("lived")
def test_somebody_has_seen_it(story: Story, visitor: Visitor) -> None:
    path = f"/events/{_new_paper(story)}"
    answer = visitor.send(visitor.page(path), f"{path}/seen", note="read <it>")
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    assert "read <it>" in visitor.text(path)
