"""Entries that wait become a message: what is one thing to a reader is one item."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from alerts.compose import compose
from tests.alerts.examples import NOW, YESTERDAY, metric_item, paper_item
from tracking.alert import OutboxEntry, PendingMessage


def entry(item: dict[str, Any], *rules: str, topic: str = "") -> OutboxEntry:
    return OutboxEntry(topic=topic or item["title"], event_id="e", rules=rules or ("new papers",), item=item)


def pending(*entries: OutboxEntry) -> PendingMessage:
    return PendingMessage(id="m1", receiver="me", created_at=NOW, digest=False, attempts=0, entries=entries)


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
            }
        ],
    }


def test_facts_that_one_profile_lacks_come_from_another_and_the_first_sight_counts() -> None:
    later = paper_item(person="Ada Moreno", category="LG", observed_at=NOW.isoformat())
    earlier = paper_item(person="Bo Lindqvist", category="CL", score=98.1, observed_at=YESTERDAY.isoformat())
    [item] = compose(pending(entry(later), entry(earlier))).items
    assert (item["category"], item["score"], item["observed_at"]) == ("LG", 98.1, YESTERDAY.isoformat())


def test_new_papers_then_metrics_then_the_rest_by_person_and_title() -> None:
    message = compose(
        pending(
            entry(paper_item(kind="profile.baseline", title="1")),
            entry(metric_item("papers", 1, 2)),
            entry(paper_item(kind="paper.late", title="2")),
            entry(paper_item(title="b", person="Cy Tan")),
            entry(metric_item("citations", 1, 2)),
            entry(paper_item(title="C")),
            entry(paper_item(title="a")),
        )
    )
    assert [item["title"] for item in message.items] == ["a", "C", "b", "citations", "papers", "1", "2"]


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
