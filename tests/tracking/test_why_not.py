"""Which answers hold, from facts alone."""

from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

from tests.tracking.ledger_facts import LATER, NOON, account, judged, page, passage, shown, view
from tracking.account import Judged, MessageState
from tracking.alert import VerdictKind
from tracking.answer import Answer, HeldPaper, LastTold, PaperFacts, PersonFacts, Reason, RejectedFrom
from tracking.check import Outcome
from tracking.event import Cause, EventKind
from tracking.silence import Silence
from tracking.why_not import about_paper, about_person, about_unseen, concerns, of_page, reason_of

REJECTED = RejectedFrom(person="Zoë Example", source="scholarfeed", url="https://example.org/1001", since=NOON)
BASELINE = shown(begins_at=NOON)
SECOND = view(EventKind.PAPER_ENRICHED, field="source", before="arxiv", after="scholarfeed")
SCORE = view(EventKind.PAPER_ENRICHED, field="score", after=98.1)


def reasons(answers: list[Answer]) -> list[tuple[Reason, str | None]]:
    return [(answer.reason, answer.receiver) for answer in answers]


def paper(*accounts: Any, **facts: Any) -> PaperFacts:
    return PaperFacts(**({"shown": (shown(),), "accounts": accounts} | facts))


# ---- verdicts


def test_only_a_delivered_message_is_told_whatever_was_decided() -> None:
    for kind, state in product(VerdictKind, MessageState):
        for event_id in (view().id, "another"):
            reason = reason_of(account(), judged(kind, state, event_id=event_id))
            assert (reason in (Reason.TOLD, Reason.TOLD_BEFORE)) is (state is MessageState.DELIVERED), (kind, state)


def test_what_a_verdict_came_to() -> None:
    for kind, state, expected in (
        (VerdictKind.SENT, MessageState.WAITING, Reason.TO_SEND),
        (VerdictKind.SENT, MessageState.TO_SEND, Reason.TO_SEND),
        (VerdictKind.SENT, MessageState.RETRYING, Reason.RETRYING),
        (VerdictKind.DIGEST, MessageState.GIVEN_UP, Reason.GIVEN_UP),
        (VerdictKind.SENT, MessageState.CORRECTED, Reason.TAKEN_BACK),
        (VerdictKind.SENT, MessageState.NONE, Reason.NOT_IN_OUTBOX),
        (VerdictKind.CAPPED, MessageState.WAITING, Reason.CAPPED),
        (VerdictKind.CAPPED, MessageState.DELIVERED, Reason.TOLD),
        (VerdictKind.ALREADY_TOLD, MessageState.NONE, Reason.NOT_IN_OUTBOX),
        (VerdictKind.WAITING, MessageState.NONE, Reason.WAITING),
        (VerdictKind.COOLDOWN, MessageState.NONE, Reason.COOLDOWN),
        (VerdictKind.FLAPPING, MessageState.NONE, Reason.FLAPPING),
        (VerdictKind.SILENCED, MessageState.NONE, Reason.SILENCED),
        (VerdictKind.INHIBITED, MessageState.NONE, Reason.INHIBITED),
        (VerdictKind.RECOUNT, MessageState.NONE, Reason.RECOUNT),
        (VerdictKind.DROPPED, MessageState.NONE, Reason.DROPPED),
        (VerdictKind.NO_RULE, MessageState.NONE, Reason.NO_RULE),
    ):
        assert reason_of(account(), judged(kind, state)) is expected, (kind, state)


def test_another_event_of_the_same_paper_may_have_told_it() -> None:
    told = judged(VerdictKind.ALREADY_TOLD, MessageState.DELIVERED, event_id="another")
    assert reason_of(account(), told) is Reason.TOLD_BEFORE
    due = Judged(receiver="me", kind=VerdictKind.DIGEST, passage=passage(MessageState.WAITING, digest=True))
    assert reason_of(account(), due) is Reason.DIGEST


def test_what_nobody_asked_for_is_told_apart_by_its_event() -> None:
    for event, kind, expected in (
        (view(EventKind.PAPER_LATE), VerdictKind.NO_RULE, Reason.LATE),
        (view(EventKind.PAPER_LATE), VerdictKind.SILENCED, Reason.SILENCED),
        (SECOND, VerdictKind.NO_RULE, Reason.SECOND_SOURCE),
        (view(cause=Cause.BACKFILL), VerdictKind.CAUSE, Reason.BACKFILL),
        (view(cause=Cause.PARSER), VerdictKind.CAUSE, Reason.PARSER),
        (view(cause=Cause.IDENTITY), VerdictKind.CAUSE, Reason.IDENTITY),
        (view(cause=Cause.SOURCE), VerdictKind.CAUSE, Reason.NO_VERDICT),
    ):
        assert reason_of(account(event=event), judged(kind)) is expected, (event.kind, event.cause, kind)


def test_what_does_not_count_was_taken_back_or_replaced() -> None:
    gone = {"superseded_at": LATER}
    assert reason_of(account(**gone), judged(VerdictKind.SENT)) is Reason.REPLACED
    assert reason_of(account(**gone, run_reverted_at=LATER), judged(VerdictKind.SENT)) is Reason.TAKEN_BACK
    # Whoever got the message has been told, and it holds by another event.
    assert reason_of(account(**gone), judged(VerdictKind.SENT, MessageState.DELIVERED)) is Reason.TOLD


# ---- papers


def test_the_most_likely_answer_comes_first_and_each_receiver_has_its_own() -> None:
    facts = paper(
        account(judged(VerdictKind.NO_RULE), judged(VerdictKind.SENT, MessageState.DELIVERED, receiver="log")),
        shown=(shown(), replace(BASELINE, source="dblp", url="https://example.org/dblp")),
        rejected=(REJECTED,),
    )
    assert reasons(about_paper(facts, None)) == [
        (Reason.TOLD, "log"),
        (Reason.REJECTED, None),
        (Reason.NO_RULE, "me"),
        (Reason.BASELINE, None),
    ]
    assert reasons(about_paper(facts, "log"))[0] == (Reason.TOLD, "log")
    assert (Reason.NO_RULE, "me") not in reasons(about_paper(facts, "log"))


def test_what_happened_to_the_paper_later_counts_only_where_somebody_asked_for_it() -> None:
    waiting, badge = account(judged(VerdictKind.WAITING)), judged(VerdictKind.SENT, MessageState.DELIVERED)
    asked = paper(waiting, account(badge, event=SCORE))
    assert reasons(about_paper(asked, "me")) == [(Reason.TOLD, "me"), (Reason.WAITING, "me")]
    not_asked = paper(waiting, account(judged(VerdictKind.NO_RULE), event=SCORE))
    assert reasons(about_paper(not_asked, "me")) == [(Reason.WAITING, "me")]


def test_nothing_was_decided_for_a_receiver() -> None:
    gone = {"superseded_at": LATER, "run_reverted_at": LATER}
    for of_event, expected in (
        (account(judged(receiver="log")), Reason.NO_VERDICT),
        (account(event=view(cause=Cause.BACKFILL)), Reason.BACKFILL),
        (account(judged(receiver="log"), **gone), Reason.TAKEN_BACK),
    ):
        assert reasons(about_paper(paper(of_event), "me")) == [(expected, "me")]


def test_all_that_is_left_of_a_paper_that_no_page_has_is_what_happened_to_it() -> None:
    gone = account(judged(VerdictKind.NO_RULE), event=SCORE, superseded_at=LATER)
    facts = paper(gone, shown=())
    assert reasons(about_paper(facts, "me")) == [(Reason.REPLACED, "me")]
    assert (facts.names, paper().names) == ([("A New Thing", "arxiv:2611.00003")],) * 2


def test_papers_without_an_event() -> None:
    assert reasons(about_paper(paper(shown=(BASELINE,)), "me")) == [(Reason.BASELINE, None)]
    assert reasons(about_paper(paper(shown=(shown(other_parser=True),)), "me")) == [(Reason.PARSER, None)]
    assert reasons(about_paper(paper(), "me")) == [(Reason.UNEVENTFUL, None)]


def test_a_parser_that_changed_with_the_paper_is_no_answer_where_the_paper_is_an_event() -> None:
    facts = paper(account(judged(VerdictKind.NO_RULE)), shown=(shown(other_parser=True),))
    assert reasons(about_paper(facts, "me")) == [(Reason.NO_RULE, "me")]


def test_a_paper_that_no_page_shows_may_be_on_one_that_nobody_could_read() -> None:
    pages = [page(), page(Outcome.BLOCKED), page(Outcome.QUARANTINED, held_at=NOON)]
    first, *troubles = about_unseen(pages, [], [])
    assert (first.reason, first.pages) == (Reason.NEVER_SEEN, tuple(pages))
    assert [answer.reason for answer in troubles] == [Reason.HELD_BACK, Reason.REFUSED]


def test_a_paper_that_is_known_to_be_held_back_or_rejected_needs_no_guess() -> None:
    held = HeldPaper(page(Outcome.QUARANTINED, held_at=NOON), "A New Thing")
    answers = about_unseen([page(Outcome.BLOCKED)], [held], [REJECTED])
    assert [(answer.reason, answer.held, answer.rejected) for answer in answers] == [
        (Reason.REJECTED, None, REJECTED),
        (Reason.HELD_BACK, held, None),
    ]


# ---- pages


def test_every_outcome_says_how_a_page_stands() -> None:
    expected = {
        Reason.READ: {Outcome.OK, Outcome.NOT_MODIFIED, Outcome.UNCHANGED},
        Reason.REFUSED: {Outcome.BLOCKED, Outcome.LOGIN, Outcome.THROTTLED},
        Reason.GONE: {Outcome.GONE},
        Reason.ROBOTS: {Outcome.ROBOTS},
        Reason.HOST_RESTS: {Outcome.COOLING_DOWN},
        Reason.HELD_BACK: {Outcome.QUARANTINED},
        Reason.NEVER_CHECKED: {None},
    }
    for outcome in (None, *Outcome):
        reason = next((reason for reason, those in expected.items() if outcome in those), Reason.NOT_READ)
        assert of_page(page(outcome)).reason is reason, outcome
    assert of_page(page(Outcome.BLOCKED, held_at=NOON)).reason is Reason.HELD_BACK


# ---- people


def person(**facts: Any) -> PersonFacts:
    return PersonFacts(**({"name": "Zoë Example", "tags": ("rl",), "pages": (page(),)} | facts))


def silence(**parts: Any) -> Silence:
    return Silence(silence_id="1", begins_at=NOON, ends_at=None, reason="", **parts)


def test_a_person_of_whom_all_is_well() -> None:
    told = LastTold(receiver="me", message_id="m", at=NOON, titles=("A New Thing",))
    facts = person(last=(account(judged(state=MessageState.DELIVERED)),), told=(told,))
    assert reasons(about_person(facts, None)) == [
        (Reason.QUIET, None),
        (Reason.LAST_TOLD, "me"),
        (Reason.READ, None),
    ]
    assert reasons(about_person(facts, "log")) == [(Reason.QUIET, None), (Reason.READ, None)]


def test_what_keeps_a_person_from_being_told_comes_before_that() -> None:
    on_its_way = account(judged(state=MessageState.RETRYING), judged(state=MessageState.DELIVERED, receiver="log"))
    facts = person(
        pages=(page(Outcome.BLOCKED),),
        silences=(silence(person="zoë example", receiver="me"), silence(person="Ada")),
        undelivered=(on_its_way,),
        last=(account(judged(VerdictKind.SILENCED)),),
    )
    found = [
        (Reason.REFUSED, None),
        (Reason.SILENCE, None),
        (Reason.RETRYING, "me"),
        (Reason.SILENCED, "me"),
        (Reason.QUIET, None),
    ]
    assert reasons(about_person(facts, "me")) == found
    assert reasons(about_person(facts, "log")) == [(Reason.REFUSED, None), (Reason.QUIET, None)]


def test_that_no_rule_asked_for_all_that_happened_last() -> None:
    nothing, something = judged(VerdictKind.NO_RULE), judged(state=MessageState.DELIVERED)
    unasked = person(last=(account(nothing), account(nothing)), pages=())
    assert reasons(about_person(unasked, "me")) == [(Reason.NO_RULE, "me")] * 2 + [(Reason.QUIET, None)]
    asked = person(last=(account(nothing), account(something)), pages=())
    assert reasons(about_person(asked, "me")) == [(Reason.QUIET, None)]


def test_nobody_looks_at_the_pages_of_somebody_who_is_not_followed() -> None:
    (answer,) = about_person(person(retired_at=NOON - timedelta(days=9)), None)
    assert (answer.reason, answer.person, answer.at) == (
        Reason.NOT_FOLLOWED,
        "Zoë Example",
        NOON - timedelta(days=9),
    )


def test_silences_that_concern_a_person() -> None:
    for parts in ({}, {"person": "ZOË example"}, {"tag": "RL"}, {"source": "scholarfeed"}, {"rule": "metrics"}):
        assert concerns(silence(**parts), person()), parts
    for parts in ({"person": "Ada"}, {"tag": "nlp"}, {"source": "dblp"}, {"person": "Zoë Example", "source": "dblp"}):
        assert not concerns(silence(**parts), person()), parts
