"""The answers of ``why-not``, in plain sentences. Only what a delivered message holds is called told."""

import shlex
from collections.abc import Iterator
from datetime import datetime

from alerts.figures import joined
from alerts.happened import what_happened
from alerts.inert import inert, shortened
from alerts.silence_words import end_words, silenced_words
from alerts.verdict_words import verdict_sentence
from cli.output import counted, minute, spaced
from cli.why_text import superseded_words
from tracking.account import Account
from tracking.answer import Answer, PageState, Reason
from tracking.event import EventKind

_TITLES_SHOWN = 5
_LONGEST_TITLE = 80


def answer_text(answer: Answer, now: datetime) -> str:
    """One answer as a sentence or two."""
    to = f"{answer.receiver}: " if answer.receiver else ""
    return inert(to + _sentence(answer, now))


def detail_lines(answer: Answer) -> Iterator[str]:
    """What an answer rests on: the verdict's own reason, the event, the last checks of a page."""
    if answer.judged is not None and answer.judged.why:
        yield inert(answer.judged.why)
    if answer.account is not None:
        event = answer.account.event
        where = "" if event.kind.startswith("host.") else f" of {event.person} at {event.source}"
        yield inert(f"{event.kind}{where}, {minute(event.observed_at)}; more: scholarwatch why {event.id}")
    if len(answer.pages) == 1:
        yield from _check_lines(answer.pages[0])


def _check_lines(page: PageState) -> Iterator[str]:
    for line in page.checks:
        yield inert(f"{minute(line.at)} {spaced(line.outcome)}{f': {line.detail}' if line.detail else ''}")


def _sentence(answer: Answer, now: datetime) -> str:
    if answer.account is not None and answer.reason is not Reason.QUIET:
        return _of_event(answer, answer.account)
    if answer.reason is Reason.NEVER_SEEN:
        return _never_seen(answer.pages)
    if answer.pages:
        return _of_page(answer, answer.pages[0])
    if answer.shown is not None:
        return _of_paper(answer)
    return _of_person(answer, now)


# ---- events


def _of_event(answer: Answer, account: Account) -> str:
    event = account.event
    match answer.reason:
        case Reason.LATE:
            published = answer.shown.published if answer.shown else None
            seen = f"first seen on {minute(event.observed_at)} on the page of {event.person} at {event.source}"
            return f"It came late: {f'published {published}, ' if published else ''}{seen}. {_verdict(answer)}"
        case Reason.SECOND_SOURCE:
            return f"{event.before} had shown it before {event.after} did. {_verdict(answer)}"
        case Reason.BACKFILL:
            return f"Run {account.run_id} filled it in from the past, of which nobody is notified."
        case Reason.PARSER:
            return "A better parser found it on a page that was there before, of which nobody is notified."
        case Reason.IDENTITY:
            return "It came of telling papers or people apart anew, of which nobody is notified."
        case Reason.NO_VERDICT:
            no_receiver = "no such receiver" if answer.receiver else "no receiver"
            return f"Nothing was decided about it: on {minute(event.recorded_at)} there was {no_receiver}."
        case Reason.REPLACED:
            return (
                f"What had been recorded of it on {minute(event.recorded_at)} is not so: {superseded_words(account)}."
            )
        case Reason.TAKEN_BACK if answer.judged is None or answer.judged.passage is None:
            return (
                f"What had been recorded of it on {minute(event.recorded_at)} is not so: {superseded_words(account)}."
            )
        case _:
            return _verdict(answer)


def _verdict(answer: Answer) -> str:
    if answer.judged is None or answer.account is None:
        return ""
    return verdict_sentence(answer.judged, answer.account.event.id)


# ---- papers


def _of_paper(answer: Answer) -> str:
    shown = answer.shown
    assert shown is not None
    where = f"the page of {shown.person} at {shown.source}"
    match answer.reason:
        case Reason.BASELINE:
            return (
                f"It was on the first page that was read of {shown.person} at {shown.source}, on"
                f" {minute(shown.first_seen)}: what is there from the start is no news."
            )
        case Reason.PARSER:
            return f"A better parser found it on {where} on {minute(shown.first_seen)}: that is no news of the source."
        case _:
            return f"It is known from {where} since {minute(shown.first_seen)}, and nothing was recorded about it."


def _never_seen(pages: tuple[PageState, ...]) -> str:
    if not pages:
        return "Nobody is followed, so that no page could show it. Next: scholarwatch follow URL"
    read = sorted(page.read_at for page in pages if page.read_at is not None)
    if not read:
        return f"No page that is followed has shown it: none of the {counted(len(pages), 'page')} was read yet."
    unread = len(pages) - len(read)
    never = f"; {counted(unread, 'page')} of the {len(pages):,} was never read" if unread == 1 else ""
    if unread > 1:
        never = f"; {unread:,} of the {counted(len(pages), 'page')} were never read"
    when = f"on {minute(read[0])}" if read[0] == read[-1] else f"between {minute(read[0])} and {minute(read[-1])}"
    whose = "1 page was" if len(read) == 1 else f"{len(read):,} pages were"
    return f"No page that is followed has shown it: {whose} last read {when}{never}."


# ---- pages


def _of_page(answer: Answer, page: PageState) -> str:
    whose = f"The page of {page.person} at {page.source}"
    match answer.reason:
        case Reason.HELD_BACK:
            return _held_back(answer, page, whose)
        case Reason.NEVER_CHECKED:
            return f"{whose} was never checked. Next: scholarwatch run"
        case Reason.READ:
            due = f", and is due again on {minute(page.due_at)}" if page.due_at else ""
            found = "" if page.outcome is None else f" ({spaced(page.outcome)})"
            return f"{whose} was read on {minute(page.checked_at)}{found}{due}."
        case Reason.HOST_RESTS:
            return f"{whose} was not asked for on {minute(page.checked_at)}, for its host is left alone{_why(page)}."
        case Reason.ROBOTS:
            return f"{whose} is not asked for, as robots.txt wants it{_why(page)}."
        case Reason.GONE:
            return f"{whose} was gone on {minute(page.checked_at)}{_why(page)}."
        case Reason.REFUSED:
            return f"{whose} was refused on {minute(page.checked_at)}{_why(page)}."
        case _:
            return f"{whose} could not be read on {minute(page.checked_at)}{_why(page)}."


def _held_back(answer: Answer, page: PageState, whose: str) -> str:
    show = shlex.join(["scholarwatch", "quarantine", "show", page.url])
    if answer.held is not None:
        title = shortened(answer.held.title, _LONGEST_TITLE)
        return (
            f"“{title}” is on {whose[0].lower()}{whose[1:]} that came on {minute(page.held_at)}, and it is held back"
            f" until you say what to think of it: {show}"
        )
    if page.held_at is None:
        return f"{whose} is held back, as you have said that it is wrong{_why(page)}."
    return f"{whose} is held back since {minute(page.held_at)}{_why(page)}. It waits for your answer: {show}"


def _why(page: PageState) -> str:
    """How the last check ended, when the page was read last, and when it can be asked for again."""
    outcome = spaced(page.outcome) if page.outcome else ""
    detail = page.detail.rstrip(".")
    said = ", ".join(part for part in (outcome, detail) if part)
    text = f" ({said})" if said else ""
    text += f"; it was last read on {minute(page.read_at)}" if page.read_at else "; it was never read"
    if page.rest_until is not None:
        rest = page.rest_detail.rstrip(".") or spaced(page.rest_reason or "")
        text += f"; its host is left alone until {minute(page.rest_until)}{f' ({rest})' if rest else ''}"
    return f"{text}; it is due again on {minute(page.due_at)}" if page.due_at else text


# ---- people


def _of_person(answer: Answer, now: datetime) -> str:
    match answer.reason:
        case Reason.NOT_FOLLOWED:
            return f"{answer.person} is not followed since {minute(answer.at)}: no page is asked for."
        case Reason.REJECTED:
            return _rejected(answer)
        case Reason.SILENCE:
            return _silence(answer, now)
        case Reason.QUIET:
            return _quiet(answer)
        case _:
            return _last_told(answer)


def _rejected(answer: Answer) -> str:
    rejected = answer.rejected
    assert rejected is not None
    accept = shlex.join(["scholarwatch", "quarantine", "accept", rejected.url])
    return (
        f"You have said on {minute(rejected.since)} that it is not of {rejected.person}: it is left out of the page at"
        f" {rejected.source}. To take back what was rejected last: {accept}"
    )


def _silence(answer: Answer, now: datetime) -> str:
    silence = answer.silence
    assert silence is not None
    reason = f" ({silence.reason.rstrip('.')})" if silence.reason else ""
    return (
        f"A silence of {silenced_words(silence)} holds {end_words(silence, now)}{reason};"
        f" to end it: scholarwatch silence end {silence.silence_id}"
    )


def _quiet(answer: Answer) -> str:
    account = answer.account
    assert account is not None
    if account.event.kind is EventKind.PROFILE_BASELINE:
        return f"Nothing has happened on the pages since they were seen first, on {minute(account.event.observed_at)}."
    last = f"{account.event.kind}: {shortened(what_happened(account.event), _LONGEST_TITLE)}"
    return f"Nothing has happened on the pages since {minute(account.event.observed_at)}; then it was {last}."


def _last_told(answer: Answer) -> str:
    told = answer.told
    assert told is not None
    titles = [f"“{shortened(inert(title), _LONGEST_TITLE)}”" for title in told.titles[:_TITLES_SHOWN]]
    more = len(told.titles) - len(titles)
    about = joined([*titles, *([f"{more:,} more"] if more else [])])
    return f"Last told on {minute(told.at)}, in message {told.message_id}: {about}."
