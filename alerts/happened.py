"""What an event is about, on one line, for whoever lists events."""

from collections.abc import Callable

from alerts.figures import counted, metric_change, metric_name, number
from tracking.elsewhere import is_second_showing
from tracking.event import OPERATIONAL, EventKind
from tracking.milestone import mark_between
from tracking.view import EventView

#: How a metric went from one value to another, in words; see `alerts.figures.metric_change`.
Change = Callable[[str, int | float, int | float], str]

_LONGEST_VALUE = 60
#: Events that say all they have to say in one sentence.
_SENTENCES = frozenset(
    {
        EventKind.PROFILE_GONE,
        EventKind.PROFILE_SUSPECT,
        EventKind.SOURCE_DRIFT,
        EventKind.SOURCE_RECOUNT,
        EventKind.HOST_DOWN,
        EventKind.HOST_BACK,
        *OPERATIONAL,
    }
)


def what_happened(event: EventView, change: Change = metric_change) -> str:
    """What an event is about, without when, whose and of which kind."""
    match event.kind, event.before, event.after:
        case EventKind.PROFILE_BASELINE, _, int(papers):
            return f"followed from now on, with {counted(papers, 'paper')}"
        case EventKind.METRIC_CHANGED | EventKind.METRIC_RECOUNT, int() | float() as before, int() | float() as after:
            metric = event.field or ""
            return f"{metric_name(metric)} {change(metric, before, after)}"
        case EventKind.METRIC_MILESTONE, int() | float() as before, int() | float() as after:
            metric = event.field or ""
            mark = mark_between(metric, before, after)
            passed = f"past {number(mark)}, " if mark is not None else ""
            return f"{metric_name(metric)} {passed}{change(metric, before, after)}"
        case kind, None, str(sentence) if kind in _SENTENCES:
            return sentence
        case EventKind.PAPER_ENRICHED, before, after if is_second_showing(event.kind, event.field):
            return f"{event.paper_title} (now at {after} too, after {before})"
        case EventKind.PAPER_RETITLED, before, after:
            return f"{before} → {after}"
        case _, None, None:
            return event.paper_title or _spaced(event.field or "")
        case _, before, after:
            moved = f"{_spaced(event.field or '')} {_value(before)} → {_value(after)}".strip()
            return f"{event.paper_title} ({moved})" if event.paper_title else moved


def _value(value: object) -> str:
    match value:
        case None:
            return "–"
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return number(value)
        case list():
            return ", ".join(map(str, value)) or "–"
    text = str(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"


def _spaced(name: str) -> str:
    return name.replace("_", " ")
