"""How a receiver stands, as a sentence."""

from alerts.figures import moment
from tracking.receiver import ReceiverState


def standing_words(state: ReceiverState) -> str:
    """Why a receiver is not tried, and how to have it tried again; empty: it is."""
    if state.off_at is not None:
        reason = (state.off_reason or "").strip().rstrip(".")
        held = f"{state.name} is switched off since {moment(state.off_at)}{f' ({reason})' if reason else ''}"
    elif state.rest_until is not None:
        held = f"{state.name} has asked to be left alone until {moment(state.rest_until)}"
    else:
        return ""
    return f"{held}; to try again: scholarwatch outbox retry --receiver {state.name}"
