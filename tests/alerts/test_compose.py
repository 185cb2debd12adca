"""Entries that wait become a message: what is one thing to a reader is one item."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.compose import compose
from tests.alerts.examples import NOW, YESTERDAY, metric_item, paper_item
from tracking.alert import NOTHING_BESIDE, Beside, OutboxEntry, PendingMessage


def entry(item: dict[str, Any], *rules: str, topic: str = "", event: str = "e") -> OutboxEntry:
    return OutboxEntry(topic=topic or item["title"], event_id=event, rules=rules or ("new papers",), item=item)


def pending(*entries: OutboxEntry, beside: Beside = NOTHING_BESIDE) -> PendingMessage:
    return PendingMessage(
        id="m1", receiver="me", created_at=NOW, digest=False, attempts=0, entries=entries, beside=beside
    )


def news(person: str, event: str, **facts: Any) -> OutboxEntry:
    """The score of a paper on the profile of somebody."""
    told = {"kind": "paper.enriched", "paper_key": "k", "field": "score", "before": None, "after": 98.1}
    item = paper_item(**(told | {"person": person, "profile_url": f"https://x.example/{person}"} | facts))
    return entry(item, topic=event, event=event)


def test_scenario_29_one_paper_three_people_two_rules_is_one_item() -> None:
    message = compose(
        pending(
            entry(paper_item(person="Ada Moreno", why="rule “all”: a new paper"), "all", topic="t"),
            entry(paper_item(person="Bo Lindqvist", why="rule “code”: a new paper, with code"), "code", topic="t"),
            entry(paper_item(person="Cy Tan", why="rule “all”: a new paper"), "all", topic="t"),
        )
    )
    [item] = message.items
    assert item["people"] == ["Ada Moreno", "Bo Lindqvist", "Cy Tan"]
    assert item["rules"] == ["all", "code"]
    assert item["labels"] == ["Ada Moreno", "Bo Lindqvist", "Cy Tan", "all", "code"]
    assert item["person"] == "Ada Moreno, Bo Lindqvist and Cy Tan"
    assert item["why"] == "rule “all”: a new paper; rule “code”: a new paper, with code"
    assert message.rules == ("all", "code")


def test_what_was_absorbed_stands_in_the_message_where_there_is_something() -> None:
    waiting = pending(entry(metric_item("citations", 1204, 1311)))
    assert compose(waiting, absorbed=12).to_json()["absorbed"] == 12
    assert "absorbed" not in compose(waiting).to_json()


def test_the_form_of_the_file_receiver() -> None:
    item = metric_item("citations", 1204, 1311)
    assert compose(pending(entry(item, "metrics", "citations"))).to_json() == {
        "id": "m1",
        "receiver": "me",
        "rule": "metrics, citations",
        "created_at": "2026-05-13T09:30:00+00:00",
        "items": [
            item
            | {
                "people": ["Ada Moreno"],
                "rules": ["metrics", "citations"],
                "labels": ["Ada Moreno", "metrics", "citations"],
                "events": ["e"],
            }
        ],
    }


def test_facts_that_one_profile_lacks_come_from_another_and_the_first_sight_counts() -> None:
    later = paper_item(person="Ada Moreno", category="LG", observed_at=NOW.isoformat(), url="https://x.example/1")
    earlier = paper_item(
        person="Bo Lindqvist", category="CL", score=98.1, observed_at=YESTERDAY.isoformat(), source="dblp"
    )
    [item] = compose(pending(entry(later), entry(earlier))).items
    facts = ("category", "score", "observed_at", "source", "url")
    assert [item[fact] for fact in facts] == ["CL", 98.1, YESTERDAY.isoformat(), "dblp", "https://x.example/1"]
    assert item["people"] == ["Ada Moreno", "Bo Lindqvist"]


def test_what_is_new_then_what_asks_for_somebody_then_what_moves_by_person_and_title() -> None:
    message = compose(
        pending(
            entry(paper_item(kind="profile.baseline", title="1")),
            entry(metric_item("papers", 1, 2)),
            entry(paper_item(kind="paper.late", title="2")),
            entry(paper_item(title="b", person="Cy Tan")),
            entry(metric_item("citations", 1, 2)),
            entry(paper_item(kind="run.missed", title="3")),
            entry(metric_item("h_index", 1, 2, kind="metric.milestone")),
            entry(paper_item(title="C")),
            entry(paper_item(title="a")),
        )
    )
    titles = ["a", "C", "b", "h_index", "3", "2", "citations", "papers", "1"]
    assert [item["title"] for item in message.items] == titles


def test_the_same_news_of_a_paper_on_several_profiles_is_one_item() -> None:
    told = pending(news("Bo", "e2"), news("Ada", "e1"), news("Cy", "e3", why="rule “b”: score appeared"))
    [item] = compose(told).items
    assert (item["person"], item["events"]) == ("Ada, Bo and Cy", ["e1", "e2", "e3"])
    assert item["why"] == "rule “new papers”: a new paper; rule “b”: score appeared"


@pytest.mark.parametrize(
    "other",
    [
        {"after": 98.2},
        {"field": "doi"},
        {"paper_key": "l"},
        {"kind": "paper.revised"},
        {"kind": "metric.changed"},
        {"kind": "profile.corrected", "told": "paper.enriched"},
    ],
)
def test_other_news_is_another_item(other: dict[str, Any]) -> None:
    assert len(compose(pending(news("Ada", "e1"), news("Bo", "e2", **other))).items) == 2


def test_news_of_no_known_paper_stands_alone() -> None:
    one, other = (entry(paper_item(kind="paper.removed", person=name), topic=name) for name in ("Ada", "Bo"))
    assert len(compose(pending(one, other)).items) == 2


def test_what_one_profile_says_again_is_told_again() -> None:
    """There and back and there again: each time with what the other profile says at that time."""
    told = pending(
        news("Ada", "e3", observed_at=NOW.isoformat(), before=97.0),
        news("Ada", "e1", observed_at=YESTERDAY.isoformat()),
        news("Bo", "e2", observed_at=YESTERDAY.isoformat()),
        news("Ada", "e4", observed_at=NOW.isoformat(), after=97.0),
    )
    assert [item["events"] for item in compose(told).items] == [["e3"], ["e4"], ["e1", "e2"]]


def test_where_a_paper_is_shown_is_said_if_in_several_places() -> None:
    def shown(person: str, source: str) -> OutboxEntry:
        return entry(paper_item(person=person, source=source, profile_url=f"https://{source}.example/{person}"))

    [item] = compose(pending(shown("Bo", "dblp"), shown("Ada", "dblp"), shown("Ada", "arxiv"))).items
    assert item["profiles"] == [
        {"person": "Ada", "source": "arxiv", "url": "https://arxiv.example/Ada"},
        {"person": "Ada", "source": "dblp", "url": "https://dblp.example/Ada"},
        {"person": "Bo", "source": "dblp", "url": "https://dblp.example/Bo"},
    ]
    [alone] = compose(pending(shown("Bo", "dblp"), shown("Bo", "dblp"))).items
    assert "profiles" not in alone


def test_what_the_store_knows_beside_becomes_facts_of_the_item() -> None:
    beside = Beside(
        first_seen={"e1": NOW, "e2": YESTERDAY, "other": YESTERDAY - timedelta(days=9)},
        first_together=(("e3", "e1"), ("e2", "e3"), ("e1", "other")),
    )
    told = [
        entry(paper_item(person=person), event=event) for person, event in (("Bo", "e1"), ("Ada", "e2"), ("Cy", "e3"))
    ]
    [item] = compose(pending(*told, beside=beside)).items
    assert item["first_seen"] == YESTERDAY.isoformat()
    assert item["first_together"] == [["Ada", "Cy"], ["Bo", "Cy"]]


def test_histories_go_along_and_stay_out_of_the_json() -> None:
    histories = {"e": ((YESTERDAY, 1), (NOW, 2))}
    message = compose(pending(entry(metric_item("papers", 1, 2)), beside=Beside(histories=histories)))
    assert message.histories == histories
    assert "histories" not in message.to_json()
    assert "first_seen" not in message.items[0]


def test_the_entries_are_left_as_they_were() -> None:
    item = paper_item()
    before = dict(item)
    compose(pending(entry(item), entry(paper_item(person="Cy Tan"))))
    assert item == before


entries = st.builds(
    lambda person, title, rules: entry(paper_item(person=person, title=title), *rules),
    st.sampled_from(["Ada", "Bo", "Cy"]),
    st.sampled_from(["a", "b", "c"]),
    st.lists(st.sampled_from(["r", "s"]), min_size=1, max_size=2, unique=True),
)


@given(st.lists(entries, min_size=1).flatmap(lambda given: st.tuples(st.just(given), st.permutations(given))))
def test_every_topic_is_one_item_whatever_the_order(given: tuple[list[OutboxEntry], list[OutboxEntry]]) -> None:
    one, other = (compose(pending(*entries)) for entries in given)
    assert {item["title"] for item in one.items} == {entry.topic for entry in given[0]}
    assert len(one.items) == len(other.items) == len({entry.topic for entry in given[0]})
    assert {label for item in one.items for label in item["labels"]} == {
        label for item in other.items for label in item["labels"]
    }


def test_whose_profiles_they_are_and_their_tags() -> None:
    ada = replace(entry(paper_item(), topic="t"), person_key="scholarfeed/7", tags=("rl", "lab"))
    bo = replace(entry(paper_item(person="Ada Moreno"), topic="t"), person_key="openalex/A2", tags=("lab",))
    [item] = compose(pending(ada, bo)).items
    assert item["tags"] == ["lab", "rl"]
    assert item["person_keys"] == {"scholarfeed/7": "Ada Moreno", "openalex/A2": "Ada Moreno"}


def test_a_message_knows_which_addresses_have_it() -> None:
    waiting = replace(pending(entry(paper_item())), taken=frozenset({"a@b.org"}))
    message = compose(waiting)
    assert message.taken == {"a@b.org"}
    assert "taken" not in message.to_json()
