"""A host that is down, or lets nobody in, is told of once, after all its profiles were checked; and so is its end.

What is told rests on what is stored: a run that was killed and run again tells neither less nor twice.
"""

from collections import defaultdict
from datetime import datetime
from itertools import chain

from alerts.subject import Subject
from flows.config.whole import Settings
from flows.judging import asked_host, verdicts_about
from storage.store import Store
from tracking.drift import LastCheck
from tracking.event import Event
from tracking.outage import Edge, HostHealth, edges


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
    if not found:
        return []
    verdicts = verdicts_about(store, settings, [([event], _subject(edge)) for edge, event in found], now)
    store.record_edges(found, list(chain.from_iterable(verdicts)), run_id=run_id, recorded_at=now)
    return [event for _, event in found]


def _subject(edge: Edge) -> Subject:
    profile = edge.profile
    return Subject(
        person=profile.person or profile.url,
        tags=profile.tags,
        source=profile.source,
        profile_url=profile.url,
    )
