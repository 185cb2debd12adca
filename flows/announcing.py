"""What a Prefect server hears of events: names and resources that automations match, and the event itself.

    store.unannounced → announcements → emitted by flows.orchestrated → store.mark_announced

A server hears of every event at least once: a run that is cut off in between leaves its events to the next one. The id
is made of the event's own, so that a second copy is the same event. Of very many, as at a first look at everybody, the
server hears of `MOST` and how many there were.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from alerts.inert import inert, shortened
from storage.announced import Unannounced
from tracking.event_json import event_json
from tracking.view import EventView

#: Events of one run that a server hears of.
MOST = 200

#: Any will do, as long as it stays the same in every version of the program.
_NAMESPACE = UUID("6d0f3a52-5c0a-5f1e-9b0e-2f6f0c1d7a11")
_LONGEST_NAME = 200

#: A resource, by labels; that of its id and those that Prefect gives a meaning begin with ``prefect.resource.``.
Resource = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """One Prefect event."""

    id: UUID
    event: str
    resource: Resource
    related: tuple[Resource, ...] = ()
    payload: Mapping[str, Any] = field(default_factory=dict)


def announcements(found: Unannounced) -> Iterator[Announcement]:
    """What a Prefect server is to hear, in the order in which it happened; last that there was more."""
    for run, event in sorted(found.events, key=lambda pair: (pair[1].observed_at, pair[1].id)):
        yield _announcement(run, event)
    total = sum(found.kinds.values())
    if total > len(found.events):
        yield _more(str(found.runs[-1]), found, total)


def _announcement(run: str, event: EventView) -> Announcement:
    profile = _resource(
        f"profile.{event.source}.{event.profile}",
        event.person,
        **{"scholarwatch.source": event.source, "scholarwatch.person": _name(event.person)},
        **({"scholarwatch.field": event.field} if event.field else {}),
    )
    related = [_related("person", event.person, event.person), _related("run", run, f"run {run}")]
    if event.paper_key is not None:
        related.append(_related("paper", event.paper_key, event.paper_title or event.paper_key))
    return Announcement(
        id=uuid5(_NAMESPACE, event.id),
        event=f"scholarwatch.{event.kind}",
        resource=profile,
        related=tuple(related),
        payload=event_json(event),
    )


def messages_waiting(run: str, entries: int, at: datetime) -> Announcement:
    """That a delivery would send something now, at the end of a run that delivers nothing itself."""
    return Announcement(
        # A server takes an id once, and may hear of the runs of several databases, which all begin with run 1.
        id=uuid5(_NAMESPACE, f"messages of run {run} at {at.isoformat()}"),
        event="scholarwatch.messages.waiting",
        resource=_resource("outbox", "outbox"),
        related=(_related("run", run, f"run {run}"),),
        payload={"run": run, "entries": entries},
    )


def _more(run: str, found: Unannounced, total: int) -> Announcement:
    """That a run found more than was told one by one."""
    kinds = {kind.value: number for kind, number in found.kinds.items()}
    return Announcement(
        id=uuid5(_NAMESPACE, f"run {run} with {found.events[0][1].id}"),
        event="scholarwatch.run.capped",
        resource=_resource(f"run.{run}", f"run {run}"),
        payload={"run": run, "events": total, "announced": len(found.events), "kinds": kinds},
    )


def _resource(name: str, shown: str, **labels: str) -> dict[str, str]:
    return {
        "prefect.resource.id": f"scholarwatch.{_name(name)}",
        "prefect.resource.name": _name(shown),
    } | labels


def _related(role: str, name: str, shown: str) -> dict[str, str]:
    return _resource(f"{role}.{name}", shown, **{"prefect.resource.role": role})


def _name(text: str) -> str:
    """A label of one line; what a site wrote in it can do nothing."""
    return shortened(inert(text), _LONGEST_NAME)
