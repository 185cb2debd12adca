"""What is right for a host, as the configuration and the sources on it say."""

from collections.abc import Mapping

from flows.config.fetching import FetchConfig
from flows.config.hosts import host_of, is_loopback
from flows.config.sources import SourceHosts
from scrapers.registry import SOURCES
from scrapers.source import SourceOptions
from tracking.host import UNLIMITED, HostPolicy

#: Between two requests to a host of no source.
_INTERVAL_SECONDS = 5.0
_DAILY_BUDGET = 20_000


def host_policy(
    host: str, fetch: FetchConfig, options: Mapping[str, SourceOptions], source_hosts: SourceHosts
) -> HostPolicy:
    """The policy of a host (``www.example.org``, ``127.0.0.1:8099``).

    What the file says of its sources goes before all else: who writes it knows why. What it says of all hosts never
    makes a source's own limit less strict; of several sources on a host the strictest holds. This machine is asked
    without limits unless the file has some.
    """
    names = [name for name, hosts in source_hosts.items() if host in hosts or host_of(host) in hosts]
    return HostPolicy(
        min_interval_seconds=_interval_seconds(host, names, fetch, options),
        daily_budget=_daily_budget(host, names, fetch, options),
        stops_when_blocked=any(SOURCES[name].stops_when_blocked for name in names),
    )


def _interval_seconds(host: str, names: list[str], fetch: FetchConfig, options: Mapping[str, SourceOptions]) -> float:
    said = [seconds for name in names if (seconds := options[name].min_interval_seconds) is not None]
    if said:
        return max(said)
    if is_loopback(host):
        return fetch.min_interval_seconds or 0.0
    own = [SOURCES[name].min_interval_seconds for name in names]
    if fetch.min_interval_seconds is not None:
        return max(fetch.min_interval_seconds, *own) if own else fetch.min_interval_seconds
    return max(own, default=_INTERVAL_SECONDS)


def _daily_budget(host: str, names: list[str], fetch: FetchConfig, options: Mapping[str, SourceOptions]) -> int:
    said = [requests for name in names if (requests := options[name].daily_budget) is not None]
    if said:
        return min(said)
    if is_loopback(host):
        return UNLIMITED if fetch.daily_budget is None else fetch.daily_budget
    own = [SOURCES[name].daily_budget for name in names]
    if fetch.daily_budget is not None:
        return min(fetch.daily_budget, *own) if own else fetch.daily_budget
    return min(own, default=_DAILY_BUDGET)
