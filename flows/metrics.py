"""What a Prometheus server is told, measured when it asks.

    vitals, health, ledger        a bounded number of questions to the store
      | Measured.collect          families of gauges, none of them of a single profile
      | exposition                the text format

The program runs and ends, so that nothing is counted in its memory: what others would count up is here a number of
the last day, or of the last run. Which metrics there are, and what each means, is the list `METRICS`.
"""

import platform
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from flows.configured import Configured
from flows.health import Health, health_of
from flows.watch import unread_profiles
from storage.store import Store
from tracking.host import HostLedger
from tracking.view import RunView
from tracking.vitals import Vitals

#: Hosts that have series of their own, those that were asked most; the others are added up.
HOSTS_MAX = 50
OTHER_HOSTS = "(others)"

#: Every metric: its help text, and its labels.
METRICS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "build_info": ("Always 1: what is running, and on which kind of database.", ("version", "python", "database")),
    "configuration_sound": ("1 where the configuration can be used, else 0.", ()),
    "troubles": ("Things that somebody has to look at, as status lists them, by kind.", ("kind",)),
    "people": ("People who are followed.", ()),
    "profiles": ("Followed profiles by source and how their last check ended.", ("source", "outcome")),
    "profiles_due": ("Followed profiles whose next check has come, by the cadences of the configuration.", ()),
    "profiles_stale": ("Followed profiles that were not read for too many of their cadences.", ()),
    "profiles_held": ("Followed profiles with a page about which the owner is asked.", ()),
    "profiles_by_parser": ("Followed profiles by the version of the parser that read them last.", ("parser",)),
    "last_good_run_timestamp_seconds": ("When the last good run of checks was; absent where there was none.", ()),
    "last_run_timestamp_seconds": ("When the newest run of a kind was that did not leave early.", ("kind",)),
    "last_run_duration_seconds": ("How long that run took; absent while it goes on.", ("kind",)),
    "last_run_state": ("Always 1: how that run ended.", ("kind", "state")),
    "last_track_checks": ("Checks of the newest run of checks, by how they ended.", ("outcome",)),
    "last_track_host_checks": ("Checks of the newest run of checks, by host.", ("host",)),
    "last_track_size_bytes": ("What the pages of the newest run of checks came to.", ()),
    "recent_runs": ("Runs of the last 24 hours, by kind and how they ended.", ("kind", "state")),
    "recent_events": ("Events observed in the last 24 hours, by kind.", ("kind",)),
    "host_requests": ("Requests to a host on this day (UTC).", ("host",)),
    "host_failures": ("Requests to a host on this day (UTC) that brought no good answer, by why.", ("host", "why")),
    "host_down": ("Always 1: a host that is told to be down, or to let nobody in.", ("host",)),
    "outbox_events": ("Events that wait to be delivered.", ()),
    "outbox_oldest_timestamp_seconds": ("When the event was recorded that waits longest; absent: none waits.", ()),
    "outbox_messages": ("Messages that failed: retrying, or dead.", ("state",)),
    "receiver_off": ("Always 1: a receiver that is not tried any more.", ("receiver",)),
    "database_size_bytes": ("What the database takes.", ()),
    "disk_free_bytes": ("What is left on the disk that holds the database; absent where that is on a server.", ()),
}

_PREFIX = "scholarwatch_"
#: By the label of their metric, the counts of the ledger that are of no good answer.
_FAILURES = ("failed", "throttled", "blocked", "disallowed")


# A registry wants a collector that can be hashed.
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measured(Collector):
    """What was measured at one time, as a collector of prometheus_client."""

    vitals: Vitals
    health: Health
    ledger: tuple[HostLedger, ...]
    #: None: nobody knows the cadences.
    due: int | None
    stale: int | None
    #: None: there is no configuration.
    is_sound: bool | None

    def collect(self) -> Iterable[GaugeMetricFamily]:
        # Only of a file it is known how much room there is beside it.
        database = "postgresql" if self.vitals.free_bytes is None else "sqlite"
        yield _family("build_info", {(version("scholarwatch"), platform.python_version(), database): 1})
        yield _single("configuration_sound", self.is_sound)
        troubles: dict[tuple[str, ...], int] = {}
        for trouble in self.health.troubles:
            troubles[(trouble.kind,)] = troubles.get((trouble.kind,), 0) + trouble.count
        yield _family("troubles", troubles)
        yield from self._of_profiles()
        yield from self._of_runs()
        yield from self._of_hosts()
        yield from self._of_delivery()
        yield _family("database_size_bytes", {(): self.vitals.size_bytes})
        yield _single("disk_free_bytes", self.vitals.free_bytes)

    def _of_profiles(self) -> Iterator[GaugeMetricFamily]:
        vitals = self.vitals
        yield _family("people", {(): vitals.people})
        yield _family(
            "profiles",
            {(source, outcome or "never_checked"): count for (source, outcome), count in vitals.profiles.items()},
        )
        yield _single("profiles_due", self.due)
        yield _single("profiles_stale", self.stale)
        yield _family("profiles_held", {(): vitals.held})
        yield _family("profiles_by_parser", {(parser,): count for parser, count in vitals.parsers.items()})

    def _of_runs(self) -> Iterator[GaugeMetricFamily]:
        vitals, last = self.vitals, self.vitals.last_runs
        yield _single("last_good_run_timestamp_seconds", _seconds(self.health.last_good_run))
        yield _family("last_run_timestamp_seconds", {(kind,): run.now.timestamp() for kind, run in last.items()})
        lasted = {kind: run.finished_at - run.started_at for kind, run in last.items() if run.finished_at is not None}
        yield _family("last_run_duration_seconds", {(kind,): span / _SECOND for kind, span in lasted.items()})
        yield _family("last_run_state", {(kind, run.state): 1 for kind, run in last.items()})
        track = last.get("track")
        outcomes = _counts(track, "outcomes")
        yield _family("last_track_checks", {(outcome,): count for outcome, count in outcomes.items()})
        hosts = _most(_counts(track, "hosts"))
        yield _family("last_track_host_checks", {(host,): count for host, count in hosts.items()})
        size = track.manifest.get("bytes") if track is not None and track.manifest is not None else None
        yield _single("last_track_size_bytes", size if isinstance(size, int) else None)
        yield _family("recent_runs", {tuple(key): count for key, count in vitals.recent_runs.items()})
        yield _family("recent_events", {(kind,): count for kind, count in vitals.recent_events.items()})

    def _of_hosts(self) -> Iterator[GaugeMetricFamily]:
        asked = {line.state.host: line for line in self.ledger}
        requests = _most({host: line.requests for host, line in asked.items() if line.requests})
        yield _family("host_requests", {(host,): count for host, count in requests.items()})
        failures: dict[tuple[str, ...], int] = {}
        for host, line in asked.items():
            named = host if host in requests else OTHER_HOSTS
            for why in _FAILURES:
                if count := getattr(line, why):
                    failures[(named, why)] = failures.get((named, why), 0) + count
        yield _family("host_failures", failures)
        yield _family("host_down", {(host,): 1 for host in sorted(self.vitals.down_hosts)[:HOSTS_MAX]})

    def _of_delivery(self) -> Iterator[GaugeMetricFamily]:
        backlog = self.vitals.backlog
        yield _family("outbox_events", {(): backlog.events})
        yield _single("outbox_oldest_timestamp_seconds", _seconds(backlog.oldest_at))
        yield _family("outbox_messages", {("retrying",): backlog.retrying, ("dead",): backlog.dead})
        yield _family("receiver_off", {(state.name,): 1 for state in self.vitals.off})


def exposition(store: Store, now: datetime, configured: Configured) -> bytes:
    """All metrics at ``now``, in the text format of Prometheus.

    Where the configuration cannot be used, nothing is said that rests on it: who is due, and who is stale.
    """
    return rendered(measured(store, now, configured))


def measured(store: Store, now: datetime, configured: Configured) -> Measured:
    """See `exposition`."""
    vitals, settings = store.vitals(now), configured.settings
    return Measured(
        vitals=vitals,
        health=health_of(vitals, configured.patience, now, broken=configured.broken),
        ledger=tuple(store.ledger(now.astimezone(UTC).date())),
        due=None if settings is None else store.number_due(now, settings.cadences),
        stale=None if settings is None else sum(one.is_stale for one in unread_profiles(store, settings, now)),
        is_sound=configured.is_sound,
    )


def rendered(collector: Collector) -> bytes:
    """The text format of what a collector has."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(collector)
    return generate_latest(registry)


_SECOND = timedelta(seconds=1)


def _family(name: str, values: Mapping[tuple[str, ...], float]) -> GaugeMetricFamily:
    help_text, labels = METRICS[name]
    family = GaugeMetricFamily(f"{_PREFIX}{name}", help_text, labels=labels)
    for of, value in sorted(values.items()):
        family.add_metric([str(part) for part in of], value)
    return family


def _single(name: str, value: float | None) -> GaugeMetricFamily:
    """A metric without labels; None: it is not there."""
    return _family(name, {} if value is None else {(): value})


def _seconds(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp()


def _counts(run: RunView | None, name: str) -> dict[str, int]:
    """The counts that a manifest has under a name."""
    counts = run.manifest.get(name) if run is not None and run.manifest is not None else None
    return dict(counts) if isinstance(counts, Mapping) else {}


def _most(counts: Mapping[str, int]) -> dict[str, int]:
    """The largest, by host; the others added up."""
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    kept, others = dict(ordered[:HOSTS_MAX]), sum(count for _, count in ordered[HOSTS_MAX:])
    return kept | ({OTHER_HOSTS: others} if others else {})
