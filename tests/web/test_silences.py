"""Silences in the browser: added, listed with their end, ended; and what they do to the next run."""

from datetime import timedelta

import pytest

from storage.store import Store
from tests.scenarios.story import Story
from tests.web.lived import HOSTILE_NAME
from tests.web.visitor import Visitor
from tracking.silence import Silence

PATH = "/rules/silences"


def silences(story: Story) -> list[Silence]:
    with Store.open_existing(story.settings.database) as store:
        return store.all_silences()


def test_where_nothing_is_silenced_somebody_learns_how(visitor: Visitor) -> None:
    assert "Nothing is silenced" in visitor.text(PATH)


def test_a_silence_is_added_and_holds_and_ends(visitor: Visitor, lived: Story) -> None:
    typed = {"person": "zoë EXAMPLE", "metric": "Citations", "for": "14d", "reason": "a <b>recount</b>"}
    answer = visitor.send(visitor.page(PATH), PATH, **typed)
    assert (answer.status_code, answer.headers["location"]) == (303, PATH)
    [added] = silences(lived)
    assert (added.person, added.metric, added.reason) == ("Zoë Example", "citations", "a <b>recount</b>")
    assert added.ends_at == lived.now + timedelta(days=14)
    page = visitor.page(PATH)
    assert "metric citations and person Zoë Example" in page.text
    assert "for another 14 days" in page.text
    assert not page("b")
    lived.site.set_metric("1001", "citations", 2000)
    assert lived.hears() == []
    lived.now += timedelta(hours=1)
    assert visitor.send(visitor.page(PATH), f"{PATH}/1/end").status_code == 303
    assert [one.ends_at for one in silences(lived)] == [lived.now]
    assert "1 silence that ended" in visitor.text(PATH)
    lived.site.set_metric("1001", "citations", 2300)
    assert lived.hears() == ["metric.changed: citations"]


def test_an_end_is_the_end_of_a_day_where_the_reader_is(visitor: Visitor, lived: Story) -> None:
    visitor.cookies.set("scholarwatch_zone", "America/New_York")
    visitor.send(visitor.page(PATH), PATH, everything="yes", until="2026-12-24", reason="holidays")
    [added] = silences(lived)
    assert added.ends_at is not None
    assert added.ends_at.isoformat() == "2026-12-25T04:59:59.999999+00:00"
    assert "until 2026-12-24 23:59 EST" in visitor.text(PATH)


def test_what_one_rule_finds_about_one_person_may_be_silenced_for_ever(visitor: Visitor, lived: Story) -> None:
    visitor.send(visitor.page(PATH), PATH, person=HOSTILE_NAME, rule="new papers", reason="muted", **{"for": "ever"})
    assert [(one.rule, one.person, one.ends_at) for one in silences(lived)] == [("new papers", HOSTILE_NAME, None)]
    assert HOSTILE_NAME in visitor.text(PATH)
    assert not visitor.page(PATH)("b")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"for": "14d"}, "Say what to silence"),
        ({"everything": "yes"}, "A silence has an end"),
        ({"everything": "yes", "for": "ever"}, "A silence has an end"),
        ({"everything": "yes", "for": "14d", "until": "2026-12-24"}, "Give one of the two"),
        ({"everything": "yes", "until": "2020-01-01"}, "2020-01-01 is over"),
        ({"everything": "yes", "until": "tomorrow"}, "“tomorrow” is no date"),
        ({"everything": "yes", "for": "soon"}, "How long must be a time like 36h"),
        ({"everything": "yes", "for": "14d", "reason": ""}, "Say why"),
        ({"rule": "new paper", "for": "14d"}, "did you mean “new papers”?"),
        ({"metric": "citation", "for": "14d"}, "did you mean “citations”?"),
        ({"person": "Zoe Example", "for": "14d"}, "near it are: Zoë Example"),
        ({"kind": "paper.knew", "for": "14d"}, "did you mean “paper.new”?"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_stays_typed(
    visitor: Visitor, lived: Story, typed: dict[str, str], said: str
) -> None:
    answer = visitor.send(visitor.page(PATH), PATH, **({"reason": "why I do"} | typed))
    assert answer.status_code == 400
    assert said in answer.text
    assert "why I do" in answer.text or typed.get("reason") == ""
    assert silences(lived) == []


def test_a_silence_that_no_page_of_ours_asks_for_is_refused(visitor: Visitor, lived: Story) -> None:
    typed = {"form_token": "guessed", "everything": "yes", "for": "14d", "reason": "why"}
    assert visitor.post(PATH, typed).status_code == 403
    assert silences(lived) == []
    assert "there is no silence 9" in visitor.post(f"{PATH}/9/end", {"form_token": token(visitor)}).text.lower()


def token(visitor: Visitor) -> str:
    [field] = visitor.page(PATH).select(f'form[action="{PATH}"] input[name="form_token"]')
    return str(field["value"])
