"""Whether a rule asks for an event, and why, in words."""

import re
from collections.abc import Iterator

from alerts.delta import Delta, Threshold, is_number
from alerts.figures import joined, metric_name, metric_step, number
from alerts.inert import shortened
from alerts.pattern import Pattern, PatternTimeoutError
from alerts.rules import Rule, Where
from alerts.subject import Subject, folded
from tracking.elsewhere import is_second_showing
from tracking.event import Event, EventKind

_LONGEST_QUOTE = 60

#: ``citations_in_2025``, ``papers_in_2024``.
_OF_A_YEAR = re.compile(r"_in_\d{4}$")

#: What happened, of events that are not about a metric.
_FACTS = {
    EventKind.PROFILE_BASELINE: "the first look at a profile",
    EventKind.PAPER_NEW: "a new paper",
    EventKind.PAPER_LATE: "an older paper, listed for the first time",
    EventKind.PAPER_RETITLED: "a new title",
    EventKind.PAPER_REVISED: "a new version",
    EventKind.PAPER_REMOVED: "a paper is not listed any more",
    EventKind.PAPER_RETURNED: "a paper is listed again",
    EventKind.PROFILE_RENAMED: "a new name",
    EventKind.PROFILE_MOVED: "the profile has moved",
    EventKind.PROFILE_GONE: "the profile is gone",
    EventKind.PROFILE_SUSPECT: "a page that cannot be believed",
    EventKind.PROFILE_CORRECTED: "what was told is taken back",
    EventKind.SOURCE_DRIFT: "a source has another layout",
    EventKind.SOURCE_RECOUNT: "a source has counted anew",
    EventKind.PROFILE_STALE: "a profile was not read for long",
    EventKind.RUN_MISSED: "there was no run for long",
    EventKind.DELIVERY_FAILED: "a message was given up",
    EventKind.RECEIVER_OFF: "a receiver is switched off",
    EventKind.HOST_DOWN: "a host cannot be asked",
    EventKind.HOST_BACK: "a host can be asked again",
}


def matches(rule: Rule, event: Event, subject: Subject) -> str | None:
    """Why the rule asks for the event, in one line; None when it does not.

    A part of ``where`` that the event has no value for does not hold. A pattern that cannot be decided in time holds:
    a paper too many is the smaller harm.

    The line may hold text of the page: it is made inert where it is shown.
    """
    if event.kind not in rule.on:
        return None
    reasons = [_fact(event)]
    for reason in _parts(rule.where, event, subject):
        if reason is None:
            return None
        reasons.append(reason)
    return f"rule “{rule.name}”: {', '.join(reasons)}"


def _parts(where: Where, event: Event, subject: Subject) -> Iterator[str | None]:
    """What each given part found, None for one that does not hold; the patterns, which take longest, come last."""
    paper = event.paper
    if where.person:
        yield _one_of("person", where.person, (subject.person,))
    if where.tag:
        yield _one_of("tag", where.tag, subject.tags)
    if where.source:
        yield _one_of("source", where.source, (subject.source,))
    if where.metric:
        yield _one_of("metric", where.metric, (event.field,) if event.kind.startswith("metric.") else ())
    elif _is_of_a_year(event):
        # Citations of a year move whenever citations do: only who names them wants to hear of both.
        yield None
    if where.delta:
        yield _delta(where.delta, event)
    if where.category:
        yield _one_of("category", where.category, (paper.category,) if paper else ())
    if where.has_code is not None:
        yield _has_code(where.has_code, paper.has_code if paper else None)
    if where.score:
        yield _score(where.score, paper.score if paper else None)
    if where.title:
        yield _pattern("title", where.title, paper.title if paper else event.paper_title)
    if where.abstract:
        yield _pattern("abstract", where.abstract, paper.abstract if paper else None)


def _is_of_a_year(event: Event) -> bool:
    return event.kind.startswith("metric.") and _OF_A_YEAR.search(event.field or "") is not None


def _one_of(part: str, asked: tuple[str, ...], held: tuple[str | None, ...]) -> str | None:
    wanted = {folded(word) for word in asked}
    fitting = [word for word in held if word is not None and folded(word) in wanted]
    if not fitting:
        return None
    return f"{part} {joined([metric_name(word) for word in fitting] if part == 'metric' else fitting)}"


def _delta(asked: Delta, event: Event) -> str | None:
    before, after = event.before, event.after
    return asked.asked_of(before, after) if is_number(before) and is_number(after) else None


def _score(asked: Threshold, score: float | None) -> str | None:
    if not is_number(score) or not asked.holds_for(score):
        return None
    return f"score {number(score)}, {asked.words} was asked"


def _has_code(asked: bool, held: bool | None) -> str | None:
    if held is not asked:
        return None
    return "with code" if held else "without code"


def _pattern(part: str, pattern: Pattern, text: str | None) -> str | None:
    if text is None:
        return None
    try:
        found = pattern.find(text)
    except PatternTimeoutError:
        return f"{part} perhaps has “{pattern.expression}”, which took too long to find out"
    return None if found is None else f"{part} has “{shortened(found, _LONGEST_QUOTE)}”"


def _fact(event: Event) -> str:
    match event.kind:
        case (
            EventKind.METRIC_CHANGED | EventKind.METRIC_MILESTONE | EventKind.METRIC_RECOUNT | EventKind.PAPER_ENRICHED
        ):
            return _movement(event)
        case kind:
            return _FACTS[kind]


def _movement(event: Event) -> str:
    if is_second_showing(event.kind, event.field):
        return f"a paper that {event.before} has shown before"
    name = metric_name(event.field or "the paper")
    before, after = event.before, event.after
    if before is None:
        return f"{name} appeared"
    if after is None:
        return f"{name} no longer shown"
    if not (is_number(before) and is_number(after)):
        return f"{name} changed"
    return f"{name} {'rose' if after > before else 'fell'} by {metric_step(event.field or '', after - before)}"
