"""A host that is down, or lets nobody in, is told of once, after all its profiles were checked; and so is its end.

Several that give no answer at once are not told of while nobody answers: it is this machine that has no network, which
`flows.watch` tells when it lasts.

What is told rests on what is stored: a run that was killed and run again tells neither less nor twice.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import chain

from alerts.subject import Subject
from flows.config.whole import Settings
from flows.judging import asked_host, verdicts_about
from storage.store import Store
from tracking.drift import LastCheck
from tracking.event import Event
from tracking.outage import Edge, HostHealth, edges, is_own_network


def record_outages(store: Store, settings: Settings, run_id: str, now: datetime) -> list[Event]:
    """Store one event for all that has begun or ended at a host, with its verdicts."""
    health, checks = store.hosts_in_trouble()
    by_host: defaultdict[str, list[LastCheck]] = defaultdict(list)
    for check in checks:
        by_host[asked_host(check.source, check.url)].append(check)
    found = [
        (edge, edge.event(now))
        for host, of_host in sorted(by_host.items())
        for edge in edges(health.get(host, HostHealth(host=host)), of_host)
    ]
    if any(edge.is_outage for edge, _ in found) and _is_cut_off(store, health, by_host, now):
        found = [(edge, event) for edge, event in found if not edge.is_outage]
    if not found:
        return []
    verdicts = verdicts_about(store, settings, [([event], _subject(edge)) for edge, event in found], now)
    store.record_edges(found, list(chain.from_iterable(verdicts)), run_id=run_id, recorded_at=now)
    return [event for _, event in found]


def _is_cut_off(
    store: Store, health: Mapping[str, HostHealth], by_host: Mapping[str, Sequence[LastCheck]], now: datetime
) -> bool:
    asked = [one for host, one in health.items() if any(check.checked_at == now for check in by_host.get(host, ()))]
    return is_own_network(asked, is_any_answered=store.is_any_answered(now))


def _subject(edge: Edge) -> Subject:
    profile = edge.profile
    return Subject(
        person=profile.person or profile.url,
        tags=profile.tags,
        source=profile.source,
        profile_url=profile.url,
    )
