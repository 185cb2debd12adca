"""Every verdict, whatever became of it, and every answer has a sentence of its own; only what arrived is told."""

from dataclasses import replace
from itertools import product

from alerts.verdict_words import verdict_sentence
from cli.why_not_text import answer_text
from tests.tracking.ledger_facts import EVENT, LATER, NOON, account, judged, page, shown, view
from tracking.account import MessageState
from tracking.alert import VerdictKind
from tracking.answer import Answer, HeldPaper, LastTold, Reason, RejectedFrom
from tracking.check import Outcome
from tracking.event import EventKind
from tracking.receiver import ReceiverState
from tracking.silence import Silence
from tracking.why_not import reason_of

_TOLD = (MessageState.DELIVERED, MessageState.CORRECTED)


def test_every_verdict_with_every_state_of_its_message() -> None:
    pairs = list(product(VerdictKind, MessageState))
    sentences = {pair: verdict_sentence(judged(*pair), EVENT) for pair in pairs}
    assert len(set(sentences.values())) == len(pairs)
    for (kind, state), sentence in sentences.items():
        assert ("told" in sentence.lower()) is (state in _TOLD), (kind, state)
    # By way of another event it is another sentence.
    others = {verdict_sentence(judged(*pair), "another") for pair in pairs if pair[1] is not MessageState.NONE}
    assert others.isdisjoint(sentences.values())


def test_sentences_as_people_read_them() -> None:
    assert verdict_sentence(judged(VerdictKind.SENT, MessageState.DELIVERED), EVENT) == (
        "Told on 2026-11-24 13:00 UTC in message e7da94bcf7d8deb5711588f0, at the first try. A rule asked for it at once."
    )
    assert verdict_sentence(judged(VerdictKind.DIGEST, MessageState.WAITING, digest=True), EVENT) == (
        "It goes out with the digest of 2026-11-24 12:00 UTC. A rule asked for it in the digest."
    )
    assert verdict_sentence(judged(VerdictKind.SENT, MessageState.GIVEN_UP), EVENT) == (
        "Message e7da94bcf7d8deb5711588f0 was given up on 2026-11-24 13:00 UTC after 3 tries (no route to host);"
        " to try again: scholarwatch outbox retry e7da94bcf7d8deb5711588f0. A rule asked for it at once."
    )
    assert verdict_sentence(judged(VerdictKind.SILENCED), EVENT) == "Somebody had silenced it."


def test_a_receiver_that_is_not_tried_is_named_where_something_waits_for_it() -> None:
    off = ReceiverState(name="me", off_at=NOON, off_reason="410 Gone.")
    resting = ReceiverState(name="me", rest_until=LATER)
    for state in MessageState:
        waits = state not in (*_TOLD, MessageState.NONE)
        for standing, held in (
            (off, "me is switched off since 2026-11-24 12:00 UTC (410 Gone)"),
            (resting, "me has asked to be left alone until 2026-11-24 13:00 UTC"),
        ):
            sentence = verdict_sentence(replace(judged(VerdictKind.SENT, state), standing=standing), EVENT)
            assert (held in sentence) is waits, state
    refused = replace(judged(VerdictKind.SENT, MessageState.TO_SEND), standing=ReceiverState(name="me", refusals=1))
    assert verdict_sentence(refused, EVENT) == verdict_sentence(judged(VerdictKind.SENT, MessageState.TO_SEND), EVENT)


def test_every_reason_has_a_sentence_of_its_own() -> None:
    answers = {answer.reason: answer for answer in _answers()}
    assert set(answers) == set(Reason)
    texts = {reason: answer_text(answer, NOON) for reason, answer in answers.items()}
    assert len(set(texts.values())) == len(texts)
    told = {reason for reason, text in texts.items() if "told" in text.lower()}
    assert told == {Reason.TOLD, Reason.TOLD_BEFORE, Reason.TAKEN_BACK, Reason.LAST_TOLD}


def test_what_a_site_wrote_is_inert_in_an_answer() -> None:
    hostile = "\x1b[31mred\x1b[0m\nme: Told\u202e"
    for answer in (
        Answer(reason=Reason.BASELINE, shown=shown(person=hostile)),
        Answer(reason=Reason.LAST_TOLD, told=LastTold(receiver="me", message_id="m", at=NOON, titles=(hostile,))),
        Answer(reason=Reason.NOT_READ, pages=(page(Outcome.PARSE_FAILED, detail=hostile),)),
    ):
        assert answer_text(answer, NOON).isprintable()


def _answers() -> list[Answer]:
    """One for each reason."""
    ways = [*product(VerdictKind, MessageState)]
    of_verdicts = [(account(), judged(*pair)) for pair in ways]
    of_verdicts += [
        (account(), judged(VerdictKind.ALREADY_TOLD, MessageState.DELIVERED, event_id="another")),
        (account(), judged(VerdictKind.DIGEST, MessageState.WAITING, digest=True)),
        (account(event=view(EventKind.PAPER_LATE)), judged(VerdictKind.NO_RULE)),
        (
            account(event=view(EventKind.PAPER_ENRICHED, field="source", before="arxiv", after="dblp")),
            judged(VerdictKind.NO_RULE),
        ),
    ]
    found = [
        Answer(reason=reason_of(of, one), receiver="me", account=of, judged=one, shown=shown())
        for of, one in of_verdicts
    ]
    gone = account(superseded_at=LATER)
    found += [
        Answer(reason=reason, receiver="me", account=gone)
        for reason in (Reason.REPLACED, Reason.BACKFILL, Reason.PARSER, Reason.IDENTITY, Reason.NO_VERDICT)
    ]
    found += [Answer(reason=reason, shown=shown()) for reason in (Reason.BASELINE, Reason.UNEVENTFUL)]
    held = page(Outcome.QUARANTINED, held_at=NOON)
    rejected = RejectedFrom(person="Zoë Example", source="scholarfeed", url="https://example.org/1001", since=NOON)
    silence = Silence(silence_id="3", begins_at=NOON, ends_at=LATER, reason="holidays", metric="citations")
    return [
        *found,
        *(
            Answer(reason=reason, pages=(page(outcome),))
            for reason, outcome in (
                (Reason.NEVER_CHECKED, None),
                (Reason.REFUSED, Outcome.BLOCKED),
                (Reason.NOT_READ, Outcome.PARSE_FAILED),
                (Reason.ROBOTS, Outcome.ROBOTS),
                (Reason.GONE, Outcome.GONE),
                (Reason.HOST_RESTS, Outcome.COOLING_DOWN),
                (Reason.READ, Outcome.OK),
            )
        ),
        Answer(reason=Reason.NEVER_SEEN, pages=(page(), page(read_at=None))),
        Answer(reason=Reason.HELD_BACK, pages=(held,), held=HeldPaper(held, "A New Thing")),
        Answer(reason=Reason.REJECTED, rejected=rejected),
        Answer(reason=Reason.NOT_FOLLOWED, person="Zoë Example", at=NOON),
        Answer(reason=Reason.SILENCE, silence=silence),
        Answer(reason=Reason.QUIET, account=account()),
        Answer(
            reason=Reason.LAST_TOLD, told=LastTold(receiver="me", message_id="m", at=NOON, titles=("A New Thing",) * 7)
        ),
    ]
