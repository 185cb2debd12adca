"""All that is on record about one event, in words."""

from collections.abc import Iterator

from alerts.figures import joined
from alerts.verdict_words import verdict_sentence
from cli.output import minute
from cli.views_text import event_line
from tracking.account import Account, Judged


def account_lines(account: Account) -> Iterator[str]:
    """What happened, on which page, who found it; then a line or two for each receiver."""
    event = account.event
    yield event_line(event)
    yield f"  event {event.id}, of {account.url} ({event.source} {event.profile})"
    reader = f", as {account.parser} reads the page" if account.parser else ""
    found = f"recorded {minute(event.recorded_at)} by run {account.run_id} ({account.run_kind})"
    yield f"  observed {minute(event.observed_at)}, {found}{reader}; its cause is {event.cause}"
    if account.superseded_at is not None:
        yield f"  {superseded_words(account)}"
    if account.ack is not None:
        note = f": {account.ack.note}" if account.ack.note else ""
        yield f"  acknowledged {minute(account.ack.at)}{note}"
    yield ""
    for judged in account.judged:
        yield from judged_lines(judged, event.id)
    if not account.judged:
        yield f"Nothing was decided about it for anybody: {unjudged_words(account)}."


def superseded_words(account: Account) -> str:
    """Why an event does not count any more."""
    if account.run_reverted_at is not None:
        return f"it does not count: run {account.run_id} was taken back on {minute(account.run_reverted_at)}"
    return f"it does not count since {minute(account.superseded_at)}: another history took its place"


def judged_lines(judged: Judged, event_id: str) -> Iterator[str]:
    """The verdict for a receiver, and below it why, and which rules asked where that does not say it."""
    yield f"{judged.receiver}: {verdict_sentence(judged, event_id)}"
    if judged.why:
        yield f"  {judged.why}"
    if unnamed := [f"“{rule}”" for rule in judged.rules if f"“{rule}”" not in judged.why]:
        yield f"  asked for by {joined(unnamed)}"


def unjudged_words(account: Account) -> str:
    """Why there is no verdict."""
    if account.event.cause in ("source", "enrichment"):
        return "there was no receiver then"
    return f"its cause is {account.event.cause}, which notifies nobody"
