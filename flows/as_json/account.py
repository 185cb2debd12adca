"""Verdicts and answers, as JSON."""

from collections.abc import Sequence
from typing import Any

from alerts.verdict_words import verdict_sentence
from flows.as_json.times import iso
from tracking.account import Account, Judged, Passage
from tracking.answer import Answer, PageState, PaperFacts, PersonFacts, Shown
from tracking.event_json import event_json
from tracking.proof import Standing, Step
from tracking.view import EventView


def account_json(account: Account) -> dict[str, Any]:
    run = {
        "id": account.run_id,
        "kind": account.run_kind,
        "now": iso(account.run_at),
        "reverted_at": iso(account.run_reverted_at),
    }
    ack = None if account.ack is None else {"at": iso(account.ack.at), "note": account.ack.note}
    return {
        "event": event_json(account.event),
        "url": account.url,
        "since": iso(account.since),
        "parser": account.parser,
        "run": run,
        "superseded_at": iso(account.superseded_at),
        "acknowledged": ack,
        "verdicts": [judged_json(judged, account.event.id) for judged in account.judged],
    }


def judged_json(judged: Judged, event_id: str) -> dict[str, Any]:
    standing = judged.standing
    return {
        "receiver": judged.receiver,
        "kind": judged.kind,
        "rules": list(judged.rules),
        "why": judged.why,
        "state": judged.state,
        "message": None if judged.passage is None else _passage_json(judged.passage),
        "switched_off_at": iso(standing.off_at) if standing else None,
        "text": verdict_sentence(judged, event_id),
    }


def _passage_json(passage: Passage) -> dict[str, Any]:
    """``event`` is the one that it brings: another one, where it was left to that."""
    return {
        "id": passage.message_id,
        "event": passage.event_id,
        "digest": passage.digest,
        "not_before": iso(passage.not_before),
        "tries": passage.tries,
        "next_try_at": iso(passage.next_try_at),
        "last_error": passage.last_error,
        "delivered_at": iso(passage.delivered_at),
        "given_up_at": iso(passage.given_up_at),
        "corrected_at": iso(passage.corrected_at),
    }


def acked_json(account: Account, is_new: bool) -> dict[str, Any]:
    """Of an event that somebody has acknowledged; ``is_new``: nobody had before."""
    assert account.ack is not None
    return {
        "event": account.event.id,
        "at": account.ack.at.isoformat(),
        "note": account.ack.note,
        "changed": is_new,
    }


def proof_json(event: EventView, steps: Sequence[Step]) -> dict[str, Any]:
    failed = any(step.standing is Standing.FAILS for step in steps)
    return {
        "event": event_json(event),
        "state": "failed" if failed else "ok",
        "steps": [step.to_json() for step in steps],
    }


def answer_json(answer: Answer, text: str) -> dict[str, Any]:
    """One answer; what does not go with its reason is null."""
    event = answer.account.event if answer.account else None
    about = event or answer.shown or answer.rejected or (answer.pages[0] if len(answer.pages) == 1 else None)
    judged = judged_json(answer.judged, event.id) if answer.judged and event else None
    told, passage = answer.told, answer.judged.passage if answer.judged else None
    return {
        "reason": answer.reason,
        "receiver": answer.receiver,
        "text": text,
        "person": answer.person or (about.person if about else None),
        "source": about.source if about else None,
        "event": event.id if event else None,
        "verdict": judged,
        "silence": answer.silence.silence_id if answer.silence else None,
        "message": told.message_id if told else passage.message_id if passage else None,
        "titles": list(told.titles) if told else [],
    }


def paper_json(facts: PaperFacts) -> dict[str, Any]:
    return {
        "names": [{"title": title, "key": key} for title, key in facts.names],
        "shown": [shown_json(shown) for shown in facts.shown],
    }


def shown_json(shown: Shown) -> dict[str, Any]:
    return {
        "key": shown.key,
        "title": shown.title,
        "published": shown.published,
        "person": shown.person,
        "source": shown.source,
        "url": shown.url,
        "first_seen": iso(shown.first_seen),
        "listed": shown.listed,
    }


def person_facts_json(facts: PersonFacts) -> dict[str, Any]:
    return {
        "name": facts.name,
        "tags": list(facts.tags),
        "retired_at": iso(facts.retired_at),
        "pages": [page_json(page) for page in facts.pages],
    }


def page_json(page: PageState) -> dict[str, Any]:
    rests = {"until": iso(page.rest_until), "reason": page.rest_reason, "detail": page.rest_detail}
    return {
        "source": page.source,
        "key": page.key,
        "url": page.url,
        "checked_at": iso(page.checked_at),
        "outcome": page.outcome,
        "detail": page.detail,
        "read_at": iso(page.read_at),
        "held_at": iso(page.held_at),
        "due_at": iso(page.due_at),
        "resting": rests if page.rest_until else None,
        "checks": [{"at": iso(line.at), "outcome": line.outcome, "detail": line.detail} for line in page.checks],
    }
