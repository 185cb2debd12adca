"""The section ``sources``: what the owner says of each source that is asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from alerts.setting import Setting, suggestion
from flows.config.hosts import authority, parse_hosts
from flows.config.numbers import seconds
from flows.config.selectors import parse_selectors
from scrapers.registry import SOURCES
from scrapers.source import SourceOptions
from scrapers.sources.generic import GENERIC

#: By the name of the source.
SourceHosts = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcesConfig:
    """Every source, whether the file names it or not."""

    options: Mapping[str, SourceOptions]
    #: The hosts that its profiles are recognised by, and that are asked.
    hosts: SourceHosts


def parse_sources(section: Setting) -> SourcesConfig:
    """Read the section: the hosts of the file, else the source's own. Raises SettingError."""
    options = dict.fromkeys(SOURCES, SourceOptions())
    hosts = {name: frozenset(source.hosts) for name, source in SOURCES.items()}
    for name, setting in section.entries().items() if section.value is not None else ():
        if name not in SOURCES:
            setting.refuse(f"no such source; {suggestion(name, SOURCES)}")
        readers = _READERS | _OWN_READERS.get(name, {})
        keys = setting.mapping(known=("hosts", *readers))
        if not keys:
            setting.refuse("says nothing; write hosts: [www.example.org], or leave the source out")
        if "hosts" in keys:
            hosts[name] = _hosts(keys.pop("hosts"))
        options[name] = SourceOptions(**{key: readers[key](value) for key, value in keys.items()})
    for name, source in SOURCES.items():
        if source.base is not None:
            hosts[name] |= {authority(source.base)}
    return SourcesConfig(options=options, hosts=hosts)


def is_on(name: str, options: SourceOptions) -> bool:
    """Whether a source may be asked: one that is off by default only when the owner says so."""
    return SOURCES[name].on_by_default if options.enabled is None else options.enabled


def _hosts(setting: Setting) -> frozenset[str]:
    hosts = parse_hosts(setting)
    if not hosts:
        setting.refuse("names no host; write hosts: [www.example.org], or leave the source out")
    return hosts


def _canary(setting: Setting) -> str:
    url = setting.text()
    try:
        authority(url)
    except ValueError as error:
        setting.refuse(f"not the URL of a profile: {error}")
    return url


_READERS: dict[str, Callable[[Setting], Any]] = {
    "enabled": Setting.flag,
    "api_key": Setting.text,
    "min_interval_seconds": partial(seconds, least=0),
    "daily_budget": partial(Setting.count, least=1),
    "canary": _canary,
}

#: Keys that one source alone has.
_OWN_READERS: dict[str, dict[str, Callable[[Setting], Any]]] = {GENERIC.name: {"selectors": parse_selectors}}
