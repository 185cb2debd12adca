"""Which answers hold, the most likely first: pure, from facts that were stored.

>>> [answer.reason for answer in about_paper(facts, receiver="me")]
[<Reason.SILENCED: 'silenced'>]
"""

from collections.abc import Iterable, Iterator, Sequence

from tracking.account import Account, Judged, MessageState
from tracking.alert import VerdictKind
from tracking.answer import Answer, HeldPaper, PageState, PaperFacts, PersonFacts, Reason, RejectedFrom, Shown
from tracking.check import Outcome
from tracking.elsewhere import is_second_showing
from tracking.event import Cause, EventKind
from tracking.silence import Silence
from tracking.view import EventView

_ORDER = list(Reason)

#: Of causes that notify nobody.
_OF_CAUSE = {Cause.BACKFILL: Reason.BACKFILL, Cause.PARSER: Reason.PARSER, Cause.IDENTITY: Reason.IDENTITY}

#: What nothing in the outbox comes to, for each verdict.
_UNTOLD = {
    VerdictKind.SENT: Reason.NOT_IN_OUTBOX,
    VerdictKind.DIGEST: Reason.NOT_IN_OUTBOX,
    VerdictKind.CAPPED: Reason.NOT_IN_OUTBOX,
    VerdictKind.ALREADY_TOLD: Reason.NOT_IN_OUTBOX,
    VerdictKind.WAITING: Reason.WAITING,
    VerdictKind.COOLDOWN: Reason.COOLDOWN,
    VerdictKind.FLAPPING: Reason.FLAPPING,
    VerdictKind.SILENCED: Reason.SILENCED,
    VerdictKind.INHIBITED: Reason.INHIBITED,
    VerdictKind.RECOUNT: Reason.RECOUNT,
    VerdictKind.DROPPED: Reason.DROPPED,
    VerdictKind.NO_RULE: Reason.NO_RULE,
    VerdictKind.CAUSE: Reason.NO_VERDICT,
}

#: What says nothing about a paper where its event is not that the paper came.
_ASIDE = frozenset(
    {
        Reason.NO_RULE,
        Reason.BACKFILL,
        Reason.PARSER,
        Reason.IDENTITY,
        Reason.REPLACED,
        Reason.NO_VERDICT,
        Reason.NOT_IN_OUTBOX,
    }
)

_REFUSED = (Outcome.BLOCKED, Outcome.LOGIN, Outcome.THROTTLED)


# ---- papers


def about_paper(facts: PaperFacts, receiver: str | None) -> list[Answer]:
    """Why a receiver (None: each) has not heard of a paper that is known."""
    on_page = {shown.url: shown for shown in facts.shown}
    answers = [
        answer
        for account in facts.accounts
        # Of a paper that no page has, all that is left is what happened to it.
        for answer in _of_event(
            account, on_page.get(account.url), receiver, says_all=_is_arrival(account.event) or not facts.shown
        )
    ]
    answers += _of_rejections(facts.rejected)
    answers += [
        Answer(reason=Reason.BASELINE, shown=shown) for shown in facts.shown if shown.first_seen == shown.begins_at
    ]
    if not any(answer.account for answer in answers):
        answers += [Answer(reason=Reason.PARSER, shown=shown) for shown in facts.shown if shown.other_parser]
    return _in_order(answers or [Answer(reason=Reason.UNEVENTFUL, shown=facts.shown[0])])


def about_unseen(
    pages: Sequence[PageState], held: Iterable[HeldPaper], rejected: Iterable[RejectedFrom]
) -> list[Answer]:
    """Why nobody has heard of a paper that no page that was accepted shows; ``pages`` are those that are followed.

    ``held`` are pages on which it stands and that are held back. Where neither says it, the pages are named that may
    have it and that nobody could read.
    """
    answers = [Answer(reason=Reason.HELD_BACK, held=one, pages=(one.page,)) for one in held]
    answers += _of_rejections(rejected)
    if answers:
        return _in_order(answers)
    troubles = [answer for page in pages if (answer := of_page(page)).reason is not Reason.READ]
    return [Answer(reason=Reason.NEVER_SEEN, pages=tuple(pages)), *_in_order(troubles)]


def _of_event(account: Account, shown: Shown | None, receiver: str | None, *, says_all: bool) -> Iterator[Answer]:
    judged = [one for one in account.judged if receiver in (None, one.receiver)]
    for one in judged:
        reason = reason_of(account, one)
        if says_all or reason not in _ASIDE:
            yield Answer(reason=reason, receiver=one.receiver, account=account, judged=one, shown=shown)
    if says_all and not judged:
        yield Answer(reason=_unjudged(account), receiver=receiver, account=account, shown=shown)


def _is_arrival(event: EventView) -> bool:
    """True where the event is that the paper came."""
    return event.kind in (EventKind.PAPER_NEW, EventKind.PAPER_LATE) or is_second_showing(event.kind, event.field)


def reason_of(account: Account, judged: Judged) -> Reason:
    """What a verdict and what became of it come to."""
    passage = judged.passage
    if passage is None:
        return _untold(account, judged.kind)
    match passage.state:
        case MessageState.DELIVERED:
            return Reason.TOLD if passage.event_id == account.event.id else Reason.TOLD_BEFORE
        case MessageState.CORRECTED:
            return Reason.TAKEN_BACK
        case MessageState.GIVEN_UP:
            return Reason.GIVEN_UP
        case MessageState.RETRYING:
            return Reason.RETRYING
        case _ if judged.kind is VerdictKind.CAPPED:
            return Reason.CAPPED
        case _:
            return Reason.DIGEST if passage.digest else Reason.TO_SEND


def _untold(account: Account, kind: VerdictKind) -> Reason:
    if account.superseded_at is not None:
        return _superseded(account)
    if kind is VerdictKind.CAUSE:
        return _OF_CAUSE.get(account.event.cause, Reason.NO_VERDICT)
    if kind is VerdictKind.NO_RULE and account.event.kind is EventKind.PAPER_LATE:
        return Reason.LATE
    if kind is VerdictKind.NO_RULE and is_second_showing(account.event.kind, account.event.field):
        return Reason.SECOND_SOURCE
    return _UNTOLD[kind]


def _unjudged(account: Account) -> Reason:
    if account.superseded_at is not None:
        return _superseded(account)
    return _OF_CAUSE.get(account.event.cause, Reason.NO_VERDICT)


def _superseded(account: Account) -> Reason:
    return Reason.REPLACED if account.run_reverted_at is None else Reason.TAKEN_BACK


def _of_rejections(rejected: Iterable[RejectedFrom]) -> list[Answer]:
    return [Answer(reason=Reason.REJECTED, rejected=one) for one in rejected]


# ---- pages


def of_page(page: PageState) -> Answer:
    """What keeps a page from being read, or that nothing does."""
    return Answer(reason=_reason_of_page(page), pages=(page,))


def _reason_of_page(page: PageState) -> Reason:
    if page.held_at is not None:
        return Reason.HELD_BACK
    match page.outcome:
        case None:
            return Reason.NEVER_CHECKED
        case Outcome.QUARANTINED:
            return Reason.HELD_BACK
        case Outcome.COOLING_DOWN:
            return Reason.HOST_RESTS
        case Outcome.ROBOTS:
            return Reason.ROBOTS
        case Outcome.GONE:
            return Reason.GONE
        case outcome if outcome in _REFUSED:
            return Reason.REFUSED
        case outcome if outcome.is_good:
            return Reason.READ
        case _:
            return Reason.NOT_READ


# ---- people


def about_person(facts: PersonFacts, receiver: str | None) -> list[Answer]:
    """Why a receiver (None: each) has not heard of a person lately."""
    answers: list[Answer] = []
    if facts.retired_at is not None:
        answers.append(Answer(reason=Reason.NOT_FOLLOWED, person=facts.name, at=facts.retired_at))
    else:
        answers += [of_page(page) for page in facts.pages]
    answers += [
        Answer(reason=Reason.SILENCE, silence=silence)
        for silence in facts.silences
        if concerns(silence, facts) and receiver in (None, silence.receiver or receiver)
    ]
    answers += [answer for account in facts.undelivered for answer in _on_its_way(account, receiver)]
    answers += _untold_last(facts.last, receiver)
    answers += [Answer(reason=Reason.QUIET, account=account) for account in facts.last[:1]]
    answers += [
        Answer(reason=Reason.LAST_TOLD, receiver=one.receiver, told=one)
        for one in facts.told
        if receiver in (None, one.receiver)
    ]
    return _in_order(answers)


def concerns(silence: Silence, facts: PersonFacts) -> bool:
    """True where something that happens to the person may be silenced by it."""
    folded = facts.name.casefold()
    return (
        (silence.person is None or silence.person.casefold() == folded)
        and (silence.tag is None or silence.tag.casefold() in {tag.casefold() for tag in facts.tags})
        and (silence.source is None or silence.source.casefold() in {page.source for page in facts.pages})
    )


def _on_its_way(account: Account, receiver: str | None) -> Iterator[Answer]:
    for judged in account.judged:
        is_meant = receiver in (None, judged.receiver)
        if is_meant and judged.state not in (MessageState.NONE, MessageState.DELIVERED, MessageState.CORRECTED):
            yield Answer(reason=reason_of(account, judged), receiver=judged.receiver, account=account, judged=judged)


def _untold_last(last: Sequence[Account], receiver: str | None) -> Iterator[Answer]:
    """Why what happened last was not told; what is on its way is said elsewhere.

    That no rule asked for something is of interest only to a receiver for whom that is so of all of it.
    """
    asking = {one.receiver for account in last for one in account.judged if one.kind is not VerdictKind.NO_RULE}
    for account in last:
        for judged in account.judged:
            is_aside = judged.kind is VerdictKind.NO_RULE and judged.receiver in asking
            if receiver in (None, judged.receiver) and judged.state is MessageState.NONE and not is_aside:
                yield Answer(
                    reason=reason_of(account, judged), receiver=judged.receiver, account=account, judged=judged
                )


def _in_order(answers: Iterable[Answer]) -> list[Answer]:
    return sorted(answers, key=lambda answer: _ORDER.index(answer.reason))
