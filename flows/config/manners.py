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
#: Sources that take the first captcha for a no.
_STOP_WHEN_BLOCKED = frozenset({"google_scholar"})


def host_policy(
    host: str, fetch: FetchConfig, options: Mapping[str, SourceOptions], source_hosts: SourceHosts
) -> HostPolicy:
    """The policy of a host (``www.example.org``, ``127.0.0.1:8099``).

    What the file says of its sources goes before what it says of all hosts, and that before the sources' own limits;
    of several sources on a host the strictest holds. This machine is asked without limits unless the file has some.
    """
    names = [name for name, hosts in source_hosts.items() if host in hosts or host_of(host) in hosts]
    return HostPolicy(
        min_interval_seconds=_interval_seconds(host, names, fetch, options),
        daily_budget=_daily_budget(host, names, fetch, options),
        stops_when_blocked=not _STOP_WHEN_BLOCKED.isdisjoint(names),
    )


def _interval_seconds(host: str, names: list[str], fetch: FetchConfig, options: Mapping[str, SourceOptions]) -> float:
    said = [seconds for name in names if (seconds := options[name].min_interval_seconds) is not None]
    if said:
        return max(said)
    if fetch.min_interval_seconds is not None:
        return fetch.min_interval_seconds
    if is_loopback(host):
        return 0.0
    return max((SOURCES[name].min_interval_seconds for name in names), default=_INTERVAL_SECONDS)


def _daily_budget(host: str, names: list[str], fetch: FetchConfig, options: Mapping[str, SourceOptions]) -> int:
    said = [requests for name in names if (requests := options[name].daily_budget) is not None]
    if said:
        return min(said)
    if fetch.daily_budget is not None:
        return fetch.daily_budget
    if is_loopback(host):
        return UNLIMITED
    return min((SOURCES[name].daily_budget for name in names), default=_DAILY_BUDGET)
