"""The whole configuration, from a document that was read to `Settings`.

document (values, lines) ──> sources ──> people ──> fetch ──> Settings
                        ╰──> receivers ──> rules ─────────────╯
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TextIO

from alerts.delivery import Receiver
from alerts.receivers import parse_receivers
from alerts.rules import DEFAULT_RULES, EVERYONE, Rule, parse_rules
from alerts.setting import Setting, SettingError, suggestion
from flows.config.cadence import cadences, parse_cadence
from flows.config.document import Document
from flows.config.error import ConfigError
from flows.config.fetching import HOW_TO_SET_USER_AGENT, FetchConfig, contact_in, parse_fetch
from flows.config.hosts import is_loopback
from flows.config.manners import host_policy
from flows.config.people import parse_people
from flows.config.sections import database_in, located, sections_of
from flows.config.sources import SourceHosts, parse_sources
from scrapers.source import SourceOptions
from tracking.cadence import Cadences
from tracking.host import HostPolicy
from tracking.view import FollowedPerson

#: Who hears when the file names nobody.
_DEFAULT_RECEIVERS = {"terminal": {"terminal": True}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """A configuration that was found sound."""

    config_path: Path
    #: An absolute path, or a URL: what `Store.open` takes. May hold a password.
    database: str = field(repr=False)
    people: tuple[FollowedPerson, ...]
    rules: tuple[Rule, ...]
    #: May hold passwords.
    receivers: tuple[Receiver, ...] = field(repr=False)
    fetch: FetchConfig
    #: By source, the hosts (``host`` or ``host:port``) that its pages may be fetched from.
    source_hosts: SourceHosts
    #: By source, what the file says of it.
    sources: Mapping[str, SourceOptions] = field(repr=False)
    #: How often everybody is checked.
    cadences: Cadences

    def policy(self, host: str) -> HostPolicy:
        """How a host (``www.example.org``, ``127.0.0.1:8099``) may be asked."""
        return host_policy(host, self.fetch, self.sources, self.source_hosts)


def read_settings(document: Document, path: Path, *, database: str | None, stream: TextIO) -> Settings:
    """Every section of the document that ``path`` holds, checked. Raises ConfigError.

    ``database`` goes before the document's; terminal receivers write to ``stream``.
    """
    with located(document):
        sections = sections_of(document)
        sources = parse_sources(sections["sources"])
        followed = parse_people(sections["people"], sources)
        fetch = parse_fetch(sections["fetch"], followed.hosts)
        contact = contact_in(fetch.user_agent)
        receivers = _receivers(sections["receivers"], path.parent, stream)
        return Settings(
            config_path=path,
            database=database or database_in(sections["database"], path),
            people=followed.people,
            rules=_rules(sections["rules"], receivers),
            receivers=receivers,
            fetch=fetch,
            sources={name: replace(options, contact=contact) for name, options in sources.options.items()},
            source_hosts=followed.source_hosts,
            cadences=cadences(followed.people, parse_cadence(sections["cadence"])),
        )


def say_who_asks(settings: Settings, host: str) -> None:
    """Raise ConfigError unless a host that is not on this machine could see who asks."""
    if is_loopback(host) or settings.fetch.user_agent != FetchConfig().user_agent:
        return
    raise ConfigError(
        f"is not set, and {host} must be able to see who asks; {HOW_TO_SET_USER_AGENT}",
        file=str(settings.config_path),
        path=("fetch", "user_agent"),
    )


def _receivers(section: Setting, folder: Path, stream: TextIO) -> tuple[Receiver, ...]:
    raw = _DEFAULT_RECEIVERS if section.value is None else section.value
    return parse_receivers(raw, folder=folder, stream=stream)


def _rules(section: Setting, receivers: Sequence[Receiver]) -> tuple[Rule, ...]:
    if section.value is None:
        return DEFAULT_RULES
    rules = parse_rules(section.value)
    names = [receiver.name for receiver in receivers]
    for rule, setting in zip(rules, section.sequence(), strict=True):
        for name in rule.notify:
            if name != EVERYONE and name not in names:
                raise SettingError(
                    (*setting.path, "notify"), f"no receiver is called “{name}”; {suggestion(name, names)}"
                )
    return rules
