"""What would have been sent: to whom, when, and what was kept back."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from alerts.matching import RuleSet
from alerts.message import Message
from alerts.rehearsal import Rehearsal
from alerts.rehearsal_outbox import Deliveries
from alerts.rehearsal_script import Facts, Followed
from alerts.schedule import Quiet, Schedule
from tests.alerts.examples import PAPER
from tests.alerts.staging import START, Box, day, happens, moments, play, rules, script, subject
from tracking.alert import VerdictKind
from tracking.event import Cause, Event, EventKind
from tracking.silence import Silence

NEW, MOVED, ENRICHED = EventKind.PAPER_NEW, EventKind.METRIC_CHANGED, EventKind.PAPER_ENRICHED
EVERYTHING = rules({"on": list(EventKind)})


def sent(messages: list[Message]) -> list[tuple[float, str, bool, list[str]]]:
    """Day, receiver, whether it is a digest, and what of."""
    return [
        (
            (message.created_at - START) / timedelta(days=1),
            message.receiver,
            message.digest,
            [f"{item['person']}: {item['title']} {item['after'] or ''}".strip() for item in message.items],
        )
        for message in messages
    ]


def moved(at: float, after: int, before: int = 0, **about: Any) -> Event:
    return happens(at, MOVED, **({"field": "citations", "before": before, "after": after} | about))


def kept_back(rehearsal: Rehearsal, receiver: str = "me", rule: str | None = None) -> dict[VerdictKind, int]:
    return dict(rehearsal.tally.kept_back(receiver, rule))


def test_at_once_with_the_check_and_in_digests_of_the_receivers_day() -> None:
    asked = rules(
        {"on": "paper.new"}, {"on": "metric.changed", "every": "daily"}, {"on": "profile.renamed", "every": "weekly"}
    )
    tokyo = Box("tokyo", Schedule(timezone=ZoneInfo("Asia/Tokyo")))
    events = [
        happens(0, NEW, paper_key="k"),
        moved(0, 12),
        happens(0, "profile.renamed", field="name", before="A", after="Ada"),
    ]
    messages, _ = play(script(asked, Box(), tokyo), events)
    half_past_nine = 9.5 / 24
    assert sent(messages) == [
        (0, "me", False, ["Ada: k"]),
        (0, "tokyo", False, ["Ada: k"]),
        # 08:00 in Tokyo is 23:00 of the day before.
        (pytest.approx(23 / 24 - half_past_nine), "tokyo", True, ["Ada: citations 12"]),
        (pytest.approx(1 + 8 / 24 - half_past_nine), "me", True, ["Ada: citations 12"]),
        (pytest.approx(6 + 23 / 24 - half_past_nine), "tokyo", True, ["Ada: name Ada"]),
        (pytest.approx(7 + 8 / 24 - half_past_nine), "me", True, ["Ada: name Ada"]),
    ]


def test_with_the_deliveries_that_there_were() -> None:
    times = Deliveries([day(2), day(3), day(3.5), day(9)])
    events = [moved(at, round(10 * at)) for at in (1, 2, 2.5, 3.2, 3.3, 9.5)]
    messages, _ = play(script(EVERYTHING, deliveries=times), events)
    # Before the first of them, and after the last, nothing waits.
    assert [(at, len(items)) for at, _, _, items in sent(messages)] == [(1, 1), (2, 1), (3, 1), (3.5, 2), (9.5, 1)]


@pytest.mark.parametrize(("due", "at"), [(0, 0), (1, 1), (1.5, 2), (2, 2), (2.5, 2.5)])
def test_the_first_delivery_from_a_time_on(due: float, at: float) -> None:
    assert Deliveries([day(1), day(2)]).first_from(day(due)) == day(at)


def test_one_paper_of_several_people_is_told_once() -> None:
    events = [
        happens(0, NEW, 1, paper_key="k"),
        happens(0, NEW, 2, paper_key="k"),
        happens(1, NEW, 3, paper_key="k"),
        happens(2, NEW, 3, paper_key="other"),
    ]
    messages, rehearsal = play(script(EVERYTHING), events)
    assert sent(messages) == [(0, "me", False, ["Ada and Bo: k"]), (2, "me", False, ["Cy: other"])]
    assert kept_back(rehearsal) == kept_back(rehearsal, rule="rule 1") == {VerdictKind.ALREADY_TOLD: 1}


def test_what_went_at_once_meanwhile_is_not_in_the_digest() -> None:
    asked = rules({"on": "paper.new", "where": {"person": "Ada"}, "every": "daily"}, {"on": "paper.new", "where": {"person": "Bo"}})  # fmt: skip
    events = [happens(0, NEW, 1, paper_key="k"), happens(0.5, NEW, 2, paper_key="k")]
    messages, rehearsal = play(script(asked), events)
    assert sent(messages) == [(0.5, "me", False, ["Bo: k"])]
    assert kept_back(rehearsal, rule="rule 1") == {VerdictKind.ALREADY_TOLD: 1}


def test_a_version_of_an_older_paper_is_that_paper() -> None:
    events = [happens(0, NEW, 1, paper_key="doi:1"), happens(1, NEW, 2, paper_key="arxiv:1")]
    messages, _ = play(script(EVERYTHING, first_versions={"arxiv:1": "doi:1"}), events)
    assert sent(messages) == [(0, "me", False, ["Ada: doi:1"])]


def test_a_rule_remembers_what_it_told() -> None:
    asked = rules({"on": "metric.changed", "where": {"delta": ">= 10"}, "cooldown": "24h"})
    events = [moved(0, 1311, 1204), moved(0.1, 1323, 1311), moved(2, 1328, 1323), moved(3, 1329, 1328)]
    messages, rehearsal = play(script(asked), events)
    assert [(item["before"], item["after"]) for message in messages for item in message.items] == [
        (1204, 1311),
        (1311, 1328),
    ]
    assert kept_back(rehearsal, rule="rule 1") == {VerdictKind.COOLDOWN: 1}


def test_a_change_is_measured_over_the_time_that_is_asked_for() -> None:
    asked = rules({"on": "metric.changed", "where": {"delta": ">= 10", "within": "3d"}})
    events = [moved(at, 4 * at, 4 * at - 4) for at in (1, 2, 3, 4)]
    spells = ((day(-9), 0), *((event.observed_at, event.after) for event in events))
    facts = Facts(values={1: {"citations": spells}})
    messages, _ = play(script(asked), events, facts=facts)
    assert [(item["before"], item["after"]) for message in messages for item in message.items] == [(0, 12)]
    assert Rehearsal(script(asked), START).reach.values == timedelta(days=3)


def test_what_a_new_paper_lacked_is_waited_for() -> None:
    asked = rules({"on": "paper.new", "where": {"has_code": True}, "wait": "30d"})
    new, late = happens(0, NEW, paper_key="k"), happens(9, ENRICHED, paper_key="k", field="has_code", after=True)
    facts = Facts(papers={new.id: replace(PAPER, has_code=False), late.id: PAPER})
    messages, rehearsal = play(script(asked), [new, late], facts=facts)
    assert sent(messages) == [(9, "me", False, ["Ada: k True"])]
    assert kept_back(rehearsal) == {VerdictKind.WAITING: 1}


def test_what_it_needs_to_know_beside_the_events() -> None:
    asked = rules(
        {"on": "paper.new", "where": {"category": "LG", "person": "Ada"}},
        {"on": "paper.late", "where": {"title": "wait"}},
        {"on": "metric.changed", "where": {"metric": "citations", "delta": ">= 1", "within": "7d"}},
    )
    ada, bo = happens(0, NEW, 1, paper_key="k"), happens(0, NEW, 2, paper_key="k")
    events = [ada, bo, happens(0, "paper.late", paper_key="l"), moved(0, 1), moved(0, 2, field="h_index", profile=2)]
    papers, profiles = Rehearsal(script(asked), START).asks(moments(events))
    assert (papers, profiles) == ([ada], {1})


def test_quiet_hours_are_slept_through() -> None:
    quiet = Schedule(quiet=Quiet(begins=time(22), ends=time(7)))
    events = [moved(at, round(24 * at)) for at in (13 / 24, 14 / 24, 1)]
    messages, _ = play(script(EVERYTHING, Box("me", quiet)), events)
    # At 22:30 and 23:30; the next is at half past nine.
    assert [(round(24 * at, 1), len(items)) for at, _, _, items in sent(messages)] == [(21.5, 2), (24, 1)]


def test_a_delivery_in_quiet_hours_brings_nothing() -> None:
    quiet = Schedule(quiet=Quiet(begins=time(22), ends=time(7)))
    deliveries = Deliveries([day(0), day(14 / 24), day(1), day(2)])
    messages, _ = play(script(EVERYTHING, Box("me", quiet), deliveries=deliveries), [moved(0.1, 5)])
    assert [at for at, *_ in sent(messages)] == [1]


def test_who_has_had_its_fill_gets_the_rest_with_the_digest() -> None:
    events = [moved(at, round(100 * at)) for at in (0, 0.1, 0.2, 0.3)]
    messages, rehearsal = play(script(EVERYTHING, Box("me", Schedule(cap=2))), events)
    digest = pytest.approx(1 + 8 / 24 - 9.5 / 24)
    assert [(at, is_digest, len(items)) for at, _, is_digest, items in sent(messages)] == [
        (0, False, 1),
        (0.1, False, 1),
        (digest, True, 2),
    ]
    assert kept_back(rehearsal) == {}
    assert rehearsal.tally.of_receivers["me", VerdictKind.CAPPED] == 2


def test_one_digest_in_a_period() -> None:
    """A weekly rule and a daily one: on Monday there is one digest."""
    asked = rules({"on": "metric.changed", "every": "daily"}, {"on": "paper.new", "every": "weekly"})
    messages, _ = play(script(asked), [moved(6.5, 5), happens(1, NEW, paper_key="k")])
    assert [(is_digest, len(items)) for _, _, is_digest, items in sent(messages)] == [(True, 2)]


@pytest.mark.parametrize(
    ("cause", "is_told"),
    [
        (Cause.SOURCE, True),
        (Cause.ENRICHMENT, True),
        (Cause.BACKFILL, True),
        (Cause.PARSER, False),
        (Cause.IDENTITY, False),
    ],
)
def test_what_was_filled_in_counts_and_what_a_parser_found_does_not(cause: Cause, is_told: bool) -> None:
    messages, rehearsal = play(script(EVERYTHING), [moved(0, 5, cause=cause), moved(0, 6, cause=cause, profile=2)])
    assert [len(message.items) for message in messages] == ([2] if is_told else [])
    assert kept_back(rehearsal) == ({} if is_told else {VerdictKind.CAUSE: 2})


def test_what_follows_from_a_host_being_down_is_not_told() -> None:
    """Of a run that finds both, the host is told of first; its profiles have been checked by then."""
    events = [
        happens(0, "source.drift"),
        happens(0, "host.down", 2, after="feed.example gives no answer"),
        happens(0, "profile.gone"),
        happens(1, "source.drift", 2),
        happens(2, "host.back", 2, after="feed.example is back"),
        happens(3, "profile.gone", 3),
    ]
    messages, rehearsal = play(script(EVERYTHING), events)
    assert [[item["kind"] for item in message.items] for message in messages] == [
        ["host.down", "source.drift"],
        ["host.back"],
        ["profile.gone"],
    ]
    assert kept_back(rehearsal) == {VerdictKind.INHIBITED: 2}


def recounted(at: float) -> Event:
    return happens(at, "source.recount", field="citations", after="scholarfeed has counted anew")


def test_a_source_that_counts_anew_is_told_in_the_place_of_its_profiles() -> None:
    asked = rules(
        {"on": ["metric.changed", "metric.milestone"], "every": "weekly"},
        {"on": "metric.changed", "where": {"metric": "citations_in_2026"}, "every": "weekly"},
        {"on": "source.recount"},
    )
    events = [
        moved(-0.04, 5),
        moved(0, 6, 5),
        moved(0, 7, 5, profile=2),
        happens(0, "metric.milestone", 2, field="citations", after=5),
        moved(0, 8, 5, profile=2, field="citations_in_2026"),
        moved(0, 3, 2, profile=3, field="h_index"),
        recounted(0),
        moved(0.5, 9, 7, profile=3),
        moved(1, 10, 9, profile=3),
    ]
    messages, rehearsal = play(script(asked), events)
    [recount, digest] = messages
    assert [item["kind"] for item in recount.items] == ["source.recount"]
    # What was observed within a day of it, before or after, is not told; the next day counts.
    assert sent([digest])[0][-1] == ["Cy: citations 10", "Cy: h-index 3"]
    # Verdicts count from the first day on.
    assert kept_back(rehearsal) == {VerdictKind.RECOUNT: 5}


def test_a_recount_that_goes_on() -> None:
    asked = rules({"on": "metric.changed", "every": "weekly"})
    events = [recounted(0), moved(1, 5), moved(2, 6, profile=2), moved(12, 7, profile=3)]
    messages, rehearsal = play(script(asked, counts_on=lambda _, at: at != day(2)), events)
    assert [items for *_, items in sent(messages)] == [["Bo: citations 6"], ["Cy: citations 7"]]
    assert kept_back(rehearsal, rule="rule 1") == {VerdictKind.RECOUNT: 1}


def test_a_silence_holds_when_it_held() -> None:
    silence = Silence(silence_id="1", begins_at=day(0.5), ends_at=day(1.5), reason="holidays", person="Ada")
    events = [moved(0, 1), moved(1, 2), moved(2, 3), moved(1, 9, profile=2)]
    messages, rehearsal = play(script(EVERYTHING, silences=[silence]), events)
    assert [(at, items) for at, _, _, items in sent(messages)] == [
        (0, ["Ada: citations 1"]),
        (1, ["Bo: citations 9"]),
        (2, ["Ada: citations 3"]),
    ]
    assert kept_back(rehearsal, rule="rule 1") == {VerdictKind.SILENCED: 1}


def test_what_goes_back_and_forth_is_told_once() -> None:
    events = [moved(0, 5, 4), moved(1, 4, 5), moved(2, 5, 4), moved(40, 4, 5)]
    messages, rehearsal = play(script(EVERYTHING), events)
    assert [at for at, *_ in sent(messages)] == [0, 1, 40]
    assert kept_back(rehearsal) == {VerdictKind.FLAPPING: 1}


def test_verdicts_count_from_the_beginning_of_what_is_looked_at() -> None:
    rehearsal = Rehearsal(script(rules({"on": "paper.new"})), day(1))
    for moment in moments([moved(0, 1), moved(1, 2), moved(2, 3)]):
        list(rehearsal.see(moment, Facts()))
    rehearsal.tally.count_unread({(NEW, Cause.SOURCE): 3, (NEW, Cause.PARSER): 2}, ["me"])
    assert kept_back(rehearsal) == {VerdictKind.NO_RULE: 5, VerdictKind.CAUSE: 2}


def test_who_is_not_followed_is_not_there() -> None:
    of = script(EVERYTHING)
    nobody = replace(of, followed={1: of.followed[1]})
    messages, rehearsal = play(
        nobody, [moved(0, 1), moved(0, 2, profile=2), happens(0.1, "host.down", 2, after="down")]
    )
    assert sent(messages) == [(0, "me", False, ["Ada: citations 1"])]
    assert rehearsal.waiting == 0


def test_rules_hold_for_each_person_as_they_do() -> None:
    of = {1: RuleSet(rules({"on": "metric.changed", "where": {"delta": ">= 5"}})), 2: RuleSet(rules({"on": "metric.changed"}))}  # fmt: skip
    followed = {number: Followed(subject=subject(number), host="h", rules=each) for number, each in of.items()}
    messages, _ = play(script((), followed=followed), [moved(0, 1), moved(0, 1, profile=2)])
    assert [items for *_, items in sent(messages)] == [["Bo: citations 1"]]


def test_what_is_heard_last() -> None:
    rehearsal = Rehearsal(script(EVERYTHING), START)
    heard = []
    for moment in moments(
        [moved(0, 1), moved(0, 2, profile=2), happens(1, NEW, paper_key="k"), happens(2, NEW, 2, paper_key="k")]
    ):
        list(rehearsal.see(moment, Facts()))
        heard.append(sorted(event.split("/")[1] for event, _ in rehearsal.heard_last))
    list(rehearsal.end(day(3)))
    assert (heard, rehearsal.heard_last) == ([["1", "2"], ["1"], []], {})
