"""How far a number moved: the part ``delta`` of a condition, and the words for a step."""

from datetime import timedelta

from alerts.case import Case, moved
from alerts.delta import Delta, is_number
from alerts.figures import lasting, metric_name, metric_step, moment
from alerts.part import Part, Truth
from tracking.elsewhere import is_second_showing

_ASKED = " was asked"


def delta_part(asked: Delta, within: timedelta | None) -> Part:
    span = f" within {lasting(within)}" if within else ""

    def holds(case: Case) -> Truth:
        step = moved(case, within)
        return None if step is None else asked.passes(*step)

    def words(case: Case) -> str:
        step = moved(case, within)
        return "" if step is None else asked.asked_of(*step) + span

    return Part(
        holds=holds,
        found=words,
        lacks=lambda case: (movement(case, within), words(case).replace(_ASKED, "")),
        unknown="it is no step of a number",
    )


def movement(case: Case, within: timedelta | None = None) -> str:
    """``citations rose by 107``, measured as `Case.start` says."""
    event, start = case.event, case.start(within)
    if is_second_showing(event.kind, event.field):
        return f"a paper that {event.before} has shown before"
    name = metric_name(event.field or "the paper")
    before, after = start.before, event.after
    if before is None:
        return f"{name} appeared"
    if after is None:
        return f"{name} no longer shown"
    if not (is_number(before) and is_number(after)):
        return f"{name} changed"
    since = f" since {moment(start.since)}" if start.since is not None and start.since != event.since else ""
    if after == before:
        return f"{name} did not move{since}"
    return f"{name} {'rose' if after > before else 'fell'} by {metric_step(event.field or '', after - before)}{since}"
