"""The section ``sources``: which hosts belong to which source."""

from collections.abc import Mapping

from alerts.setting import Setting, suggestion
from flows.config.hosts import parse_hosts
from scrapers.registry import SOURCES

#: By the name of the source.
SourceHosts = Mapping[str, frozenset[str]]


def parse_sources(section: Setting) -> SourceHosts:
    """The hosts of every source: those of the file, else the source's own. Raises SettingError."""
    hosts = {name: frozenset(source.hosts) for name, source in SOURCES.items()}
    for name, setting in section.entries().items() if section.value is not None else ():
        if name not in SOURCES:
            setting.refuse(f"no such source; {suggestion(name, SOURCES)}")
        hosts[name] = _hosts(setting)
    return hosts


def _hosts(setting: Setting) -> frozenset[str]:
    keys = setting.mapping(known=("hosts",))
    hosts = parse_hosts(keys["hosts"]) if "hosts" in keys else frozenset()
    if not hosts:
        setting.refuse("names no host; write hosts: [www.example.org], or leave the source out")
    return hosts
