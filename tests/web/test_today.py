"""What is new is what has come since the reader looked last."""

from datetime import timedelta

import pytest

from tests.scenarios.story import Story
from tests.web.visitor import Visitor
from world.papers import paper


@pytest.mark.usefixtures("lived")
def test_news_with_their_reasons_until_they_were_seen(story: Story, visitor: Visitor) -> None:
    first = visitor.text("/")
    assert "A New Thing" in first
    assert "me: rule “new papers”: a new paper" in first
    assert "citations 1,204 → 1,311 (+107)" in first
    # Another look in the same visit shows the same.
    story.now += timedelta(minutes=10)
    assert "A New Thing" in visitor.text("/")
    story.now += timedelta(hours=2)
    assert "Nothing new since" in visitor.text("/")
    assert "A New Thing" in visitor.text("/?since=week")
    story.site.add_paper("1001", paper("A Newer Thing", published=story.yesterday()))
    story.check()
    said = visitor.text("/")
    assert "A Newer Thing" in said
    assert "A New Thing" not in said


def test_what_has_to_be_looked_at_leads_to_where_it_is(story: Story, visitor: Visitor) -> None:
    story.site.author("Zoë Example", key="1001")
    story.follow("1001")
    story.check()
    assert visitor.page("/").select(".health-line a") == []
    story.site.down()
    story.check()
    [link] = visitor.page("/").select(".health-line a")
    assert (link.get_text(), link["href"]) == ("See whose they are", "/people?health=failing")
    assert "Zoë Example" in visitor.text(str(link["href"]))


@pytest.mark.usefixtures("lived")
def test_what_matters_more_comes_first(visitor: Visitor) -> None:
    kinds = [kind.get_text() for kind in visitor.page("/").select("section[aria-labelledby=person-1] .kind")]
    assert kinds[0] == "new paper"
    assert kinds.index("milestone") < kinds.index("changed metric")


@pytest.mark.parametrize("kept", ["", "x/y", "99999999999999/1", "1/1", "١/١", "0/99999999999"])
def test_a_cookie_that_makes_no_sense_is_as_none(kept: str, lived_once: Visitor) -> None:
    lived_once.cookies.set("scholarwatch_seen", kept.encode("ascii", "replace").decode())
    assert "A New Thing" in lived_once.text("/")
    lived_once.cookies.clear()
