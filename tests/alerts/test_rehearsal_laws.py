"""Laws of rehearsals, for any rules and any history."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from alerts.judge import judge
from alerts.matching import RuleSet
from alerts.message import Message
from alerts.rehearsal import Rehearsal
from alerts.rehearsal_rules import RulesAbout
from alerts.rehearsal_script import Facts
from alerts.rules import Rule
from alerts.schedule import Quiet, Schedule
from tests.alerts.examples import PAPER
from tests.alerts.staging import START, Box, day, happens, moments, play, rules, script, subject
from tracking.alert import VerdictKind
from tracking.event import Event, EventKind
from tracking.past import PastMoment

NEW, ENRICHED, MOVED = EventKind.PAPER_NEW, EventKind.PAPER_ENRICHED, EventKind.METRIC_CHANGED
BOXES = (
    Box("me", Schedule(timezone=ZoneInfo("Europe/Zurich"), cap=2)),
    Box(
        "log",
        Schedule(timezone=ZoneInfo("Asia/Tokyo"), quiet=Quiet(begins=START.time(), ends=START.replace(hour=15).time())),
    ),
)

_WHERE: list[dict[str, Any]] = [
    {},
    {"person": "Ada"},
    {"person": ["Bo", "Cy"], "metric": "citations"},
    {"metric": "citations", "delta": ">= 3"},
    {"delta": ">= 6", "within": "7d"},
    {"title": "k1|k2"},
    {"category": "LG", "score": "> 90"},
    {"not": {"has_code": True}, "if_missing": "match"},
]
_MORE: list[dict[str, Any]] = [{}, {"cooldown": "3d"}, {"wait": "10d"}, {"notify": ["me"]}, {"notify": ["log"]}]
ON = [NEW, ENRICHED, MOVED]

rule_lists = st.lists(
    st.builds(
        lambda where, every, more: {"on": ON, "where": where, "every": every, **more},
        st.sampled_from(_WHERE),
        st.sampled_from(["instant", "daily", "weekly"]),
        st.sampled_from(_MORE),
    ),
    min_size=1,
    max_size=4,
).map(lambda raw: rules(*raw))


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Of three people over three weeks: counts that rise, papers that several have, and what these get later."""
    events: list[Event] = []
    value = 100
    for at in sorted(draw(st.lists(st.integers(0, 40), unique=True, max_size=9))):
        profile = draw(st.integers(1, 3))
        value += draw(st.integers(1, 7))
        about: dict[str, Any] = draw(
            st.sampled_from(
                [
                    {"kind": MOVED, "field": "citations", "before": value - 1, "after": value},
                    {"kind": MOVED, "field": "h_index", "before": value - 1, "after": value},
                    *({"kind": NEW, "paper_key": key} for key in ("k1", "k2", "k3")),
                    *({"kind": ENRICHED, "paper_key": key, "field": "score", "after": value} for key in ("k1", "k2")),
                ]
            )
        )
        events.append(happens(at / 2, profile=profile, **about))
        if draw(st.booleans()):
            # Somebody else's page says the same in the same run.
            events.append(happens(at / 2, profile=profile % 3 + 1, **about))
    return events


def facts_of(events: Sequence[Event]) -> Facts:
    spells = tuple((day(number / 2), 100 + number) for number in range(-60, 42))
    papers = {event.id: replace(PAPER, title=event.paper_key) for event in events if event.paper_key is not None}
    return Facts(papers=papers, values={number: {"citations": spells, "h_index": spells} for number in (1, 2, 3)})


def outcome(messages: Sequence[Message]) -> list[tuple[Any, ...]]:
    """What is in messages, in whatever order rules and entries are named."""
    return [
        (
            message.created_at,
            message.receiver,
            message.digest,
            sorted(message.rules),
            [
                (item["kind"], item["people"], item["title"], item["before"], item["after"], sorted(item["rules"]))
                for item in message.items
            ],
        )
        for message in messages
    ]


def played(of: Sequence[Rule], events: Sequence[Event], *boxes: Box) -> tuple[list[Message], Rehearsal]:
    return play(script(of, *(boxes or BOXES)), events, facts=facts_of(events))


@given(rule_lists, histories(), st.randoms(use_true_random=False))
def test_the_order_of_rules_means_nothing(of: tuple[Rule, ...], events: list[Event], random: Any) -> None:
    shuffled = list(of)
    random.shuffle(shuffled)
    assert outcome(played(shuffled, events)[0]) == outcome(played(of, events)[0])


@given(rule_lists, histories())
def test_the_order_of_profiles_means_nothing(of: tuple[Rule, ...], events: list[Event]) -> None:
    rehearsal = Rehearsal(script(of, *BOXES), START)
    facts = facts_of(events)
    turned = []
    for moment in moments(events):
        turned += rehearsal.see(PastMoment(at=moment.at, checks=moment.checks[::-1]), facts)
    turned += rehearsal.end(day(1000))
    straight, other = played(of, events)
    assert outcome(turned) == outcome(straight)
    assert rehearsal.tally.of_receivers == other.tally.of_receivers


@given(rule_lists, rule_lists, histories())
def test_more_rules_never_tell_less(some: tuple[Rule, ...], more: tuple[Rule, ...], events: list[Event]) -> None:
    """Without caps: a receiver that has had its fill gets the same, later. Values only rise: nothing is damped."""
    more = tuple(replace(rule, name=f"{rule.name} too") for rule in more)
    boxes = (Box("me"), Box("log"))

    def told(of: tuple[Rule, ...]) -> set[tuple[str, ...]]:
        return {
            (message.receiver, kind, item["title"], str(item["after"]))
            for message in played(of, events, *boxes)[0]
            for item in message.items
            # A paper that is told as new need not be told again for what it lacked.
            if (kind := item["kind"]) != ENRICHED
        }

    assert told(some) <= told((*some, *more))


@given(rule_lists, histories(), st.integers(0, 21))
def test_what_was_told_before_counts_wherever_one_begins_to_look(
    of: tuple[Rule, ...], events: list[Event], since: int
) -> None:
    whole, _ = played(of, events)
    late = Rehearsal(script(of, *BOXES), day(since))
    facts, messages = facts_of(events), []
    for moment in moments(events):
        messages += late.see(moment, facts)
    messages += late.end(day(1000))
    assert outcome(messages) == outcome(whole)
    about = len([event for event in events if event.observed_at >= day(since)])
    assert sum(late.tally.of_receivers.values()) == about * len(BOXES)


@given(rule_lists, histories())
def test_nothing_goes_out_twice_or_before_it_happened(of: tuple[Rule, ...], events: list[Event]) -> None:
    messages, rehearsal = played(of, events)
    at = {event.id: event.observed_at for event in events}
    told = [(message.receiver, event) for message in messages for item in message.items for event in item["events"]]
    assert len(set(told)) == len(told)
    assert all(
        at[event] <= message.created_at for message in messages for item in message.items for event in item["events"]
    )
    # In the end every event has one verdict for each receiver, and what is to be heard was.
    heard = (VerdictKind.SENT, VerdictKind.DIGEST, VerdictKind.CAPPED)
    counted = sum(n for (_, kind), n in rehearsal.tally.of_receivers.items() if kind in heard)
    assert (rehearsal.waiting, counted) == (0, len(told))


@given(rule_lists, histories())
def test_what_is_not_asked_in_earnest_would_not_have_been_told(of: tuple[Rule, ...], events: list[Event]) -> None:
    whole, facts = RuleSet(of), facts_of(events)
    for event in events:
        shown = replace(event, paper=facts.papers.get(event.id))
        about = subject(event.profile_id)
        if not RulesAbout(whole, about).may_ask(shown):
            found = judge([shown], about, whole, BOXES, event.observed_at)
            assert {verdict.kind for verdict in found} == {VerdictKind.NO_RULE}


@given(rule_lists, histories())
def test_a_paper_is_read_where_a_rule_rests_on_it(of: tuple[Rule, ...], events: list[Event]) -> None:
    """Whoever loads only what is asked for comes to the same."""
    facts, lazy = facts_of(events), Rehearsal(script(of, *BOXES), START)
    messages = []
    for moment in moments(events):
        papers, profiles = lazy.asks([moment])
        known = Facts(
            papers={event.id: facts.papers[event.id] for event in papers},
            values={profile: facts.values[profile] for profile in profiles},
        )
        messages += lazy.see(moment, known)
    messages += lazy.end(day(1000))
    assert outcome(messages) == outcome(played(of, events)[0])
