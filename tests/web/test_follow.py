"""The follow form: it says whom it would follow, writes when somebody says yes, and says what is wrong."""

from urllib.parse import urlencode

from bs4 import BeautifulSoup

from tests.scenarios.story import Story
from tests.web.visitor import Visitor, words
from world.papers import paper
from world.site import Site


def test_a_person_is_followed_from_the_page(site: Site, story: Story, visitor: Visitor) -> None:
    site.author("Zoë Example", [paper("Quiet", published=story.yesterday())], key="1001", citations=10)
    before = story.config.read_text("utf-8")
    asked = urlencode({"url": site.url("1001"), "source": "scholarfeed", "tags": "robots, lab", "name": " Zoë  E. "})
    preview = visitor.page(f"/follow?{asked}")
    assert "This would be followed Zoë E. robots lab Scholar Feed, profile 1001" in words(preview)
    assert story.config.read_text("utf-8") == before
    done = visitor.send(preview, "/follow")
    assert "Followed from now on Zoë E." in words(BeautifulSoup(done.text, "lxml"))
    [person] = story.settings.people
    assert (person.name, person.tags, person.profiles[0].key) == ("Zoë E.", ("robots", "lab"), "1001")
    assert "Waiting for the first look" in visitor.text("/people")
    story.check()
    assert "Waiting for the first look" not in visitor.text("/people")
    assert "followed from now on, with 1 paper" in visitor.text("/people/1")


def test_what_cannot_be_followed_is_said_and_nothing_is_written(site: Site, story: Story, visitor: Visitor) -> None:
    story.follow()
    before = story.config.read_text("utf-8")
    for url, said in (
        ("https://example.org/zoe", "example.org is a host of no known source"),
        ("zoe", "not the URL of a profile"),
        ("http://127.0.0.1:1/about", "a host of no known source"),
        ("https://www.scholarfeed.org/author/12345", "fetch.user_agent is not set"),
    ):
        assert said.casefold() in visitor.text(f"/follow?{urlencode({'url': url})}").casefold()
    site.author("Zoë Example", [], key="1001")
    story.follow("1001")
    twice = urlencode({"url": site.url("1001"), "source": "scholarfeed"})
    assert "followed already" in visitor.text(f"/follow?{twice}")
    assert "1001" not in before
