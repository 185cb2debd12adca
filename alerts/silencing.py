"""Which silence keeps a rule's event from a receiver."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from alerts.figures import moment
from alerts.subject import Subject, folded, metric_of, plain_metric
from tracking.event import Event
from tracking.silence import Silence


def silence_of(
    silences: Sequence[Silence], event: Event, subject: Subject, rule: str, receiver: str, now: datetime
) -> Silence | None:
    """The first silence that holds now and is about the event, by this rule, for this receiver."""
    return next(
        (silence for silence in silences if silence.holds_at(now) and _is_of(silence, event, subject, rule, receiver)),
        None,
    )


def why_silenced(silences: Iterable[Silence]) -> str:
    """One sentence with the end and the reason of each."""
    return "; ".join(dict.fromkeys(f"silenced {_until(silence)}: {silence.reason}" for silence in silences))


def _until(silence: Silence) -> str:
    return "until somebody ends it" if silence.ends_at is None else f"until {moment(silence.ends_at)}"


def _is_of(silence: Silence, event: Event, subject: Subject, rule: str, receiver: str) -> bool:
    if silence.kinds and event.kind not in silence.kinds:
        return False
    metric = metric_of(event)
    return (
        _fits(silence.receiver, (receiver,))
        and _fits(silence.rule, (rule,))
        and _fits(silence.person, (subject.person,))
        and _fits(silence.tag, subject.tags)
        and _fits(silence.source, (subject.source,))
        and (silence.metric is None or (metric is not None and plain_metric(silence.metric) == plain_metric(metric)))
    )


def _fits(asked: str | None, held: Iterable[str]) -> bool:
    return asked is None or folded(asked) in map(folded, held)
