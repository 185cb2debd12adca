"""What was decided about an event for a receiver, and how far it has come, as a sentence.

Only what a delivered message holds is called told.
"""

from alerts.figures import counted, moment
from alerts.standing import standing_words
from tracking.account import Judged, MessageState, Passage
from tracking.alert import VerdictKind

_DECIDED = {
    VerdictKind.SENT: "A rule asked for it at once",
    VerdictKind.DIGEST: "A rule asked for it in the digest",
    VerdictKind.ALREADY_TOLD: "Another event of the same thing went before it",
    VerdictKind.CAPPED: "It was more than the receiver hears at once, and went into the digest",
    VerdictKind.WAITING: "A rule looks at it again for a while, for what it lacked",
    VerdictKind.COOLDOWN: "Its rule rested, and sums up what happens meanwhile",
    VerdictKind.FLAPPING: "It went back to what was so before",
    VerdictKind.SILENCED: "Somebody had silenced it",
    VerdictKind.INHIBITED: "It followed from a host being down, which is said once",
    VerdictKind.RECOUNT: "The whole source moved alike, which is said once",
    VerdictKind.DROPPED: "Somebody took it out of the outbox",
    VerdictKind.NO_RULE: "No rule asked for it",
    VerdictKind.CAUSE: "Its cause notifies nobody",
}

#: Verdicts that say all there is to say where nothing is in the outbox.
_ENOUGH = frozenset(
    set(VerdictKind) - {VerdictKind.SENT, VerdictKind.DIGEST, VerdictKind.CAPPED, VerdictKind.ALREADY_TOLD}
)
_ON_ITS_WAY = (MessageState.WAITING, MessageState.TO_SEND, MessageState.RETRYING, MessageState.GIVEN_UP)


def verdict_sentence(judged: Judged, event_id: str) -> str:
    """How far it has come, if it is on its way, and what was decided; ``event_id`` is the event that was judged."""
    decided = _DECIDED[judged.kind]
    passage = judged.passage
    if passage is None:
        return f"{decided}." if judged.kind in _ENOUGH else f"Nothing of it is in the outbox. {decided}."
    through = "" if passage.event_id == event_id else f", by way of {passage.person} at {passage.source}"
    held = standing_words(judged.standing) if judged.standing is not None and judged.state in _ON_ITS_WAY else ""
    return f"{_passage_words(passage)}{through}{f'; {held}' if held else ''}. {decided}."


def _passage_words(passage: Passage) -> str:
    """How far an event has come."""
    match passage.state:
        case MessageState.WAITING:
            return _waiting_words(passage)
        case MessageState.TO_SEND:
            return f"It goes out with the next delivery, in message {passage.message_id}"
        case MessageState.RETRYING | MessageState.GIVEN_UP:
            return _failed_words(passage)
        case _:
            return _told_words(passage)


def _failed_words(passage: Passage) -> str:
    error = passage.last_error.strip().rstrip(".") if passage.last_error else "no reason is known"
    message = f"Message {passage.message_id}"
    if passage.given_up_at is None:
        again = f", and is tried again on {moment(passage.next_try_at)}" if passage.next_try_at else ""
        return f"{message} could not be delivered in {_tries(passage)} ({error}){again}"
    given_up = f"{message} was given up on {moment(passage.given_up_at)} after {_tries(passage)} ({error})"
    return f"{given_up}; to try again: scholarwatch outbox retry {passage.message_id}"


def _waiting_words(passage: Passage) -> str:
    how = "the digest" if passage.digest else "the first delivery"
    if passage.not_before is None:
        return f"It goes out with {how} that comes next"
    return f"It goes out with {how} {'of' if passage.digest else 'after'} {moment(passage.not_before)}"


def _told_words(passage: Passage) -> str:
    when = f" on {moment(passage.delivered_at)}" if passage.delivered_at else ""
    tries = "at the first try" if passage.tries <= 1 else f"after {_tries(passage)}"
    told = f"Told{when} in message {passage.message_id}, {tries}"
    return told if passage.corrected_at is None else f"{told}, and taken back on {moment(passage.corrected_at)}"


def _tries(passage: Passage) -> str:
    return counted(passage.tries, "try", "tries")
