"""The whole configuration, from a document that was read to `Settings`.

document (values, lines) ──> sources ──> people ──> fetch ──────────────> Settings
                        ╰──> receivers ────╰──> rules, of all, tag, person ──╯
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TextIO

from alerts.delivery import Receiver
from alerts.inheritance import Layers, NarrowedBy
from alerts.matching import RuleSet
from alerts.receivers import parse_receivers
from alerts.rules import Rule, narrowed
from alerts.setting import Setting
from flows.config.cadence import cadences, parse_cadence
from flows.config.document import Document
from flows.config.error import ConfigError
from flows.config.fetching import HOW_TO_SET_USER_AGENT, FetchConfig, contact_in, parse_fetch
from flows.config.hosts import is_loopback
from flows.config.manners import host_policy
from flows.config.people import Followed, parse_people
from flows.config.retention import RetentionConfig, parse_retention
from flows.config.rules import parse_layers
from flows.config.sections import database_in, located, sections_of
from flows.config.sources import SourceHosts, parse_sources
from flows.config.watch import WatchConfig, parse_watch
from flows.config.withheld import keepable
from scrapers.source import SourceOptions
from tracking.cadence import Cadences
from tracking.host import HostPolicy
from tracking.view import FollowedPerson

#: Where many people have rules of their own, each is looked at about once in a run.
_RULE_SETS_KEPT = 256

#: Who hears when the file names nobody.
_DEFAULT_RECEIVERS = {"terminal": {"terminal": True}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Yesterday:
    """Why the settings are not those of the file."""

    #: What is wrong with the file; for anybody to read.
    error: str
    #: When these settings were last those of the file.
    good_at: datetime
    #: Receivers whose secrets are not known: nothing may go to them.
    withheld: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """A configuration that was found sound."""

    config_path: Path
    #: An absolute path, or a URL: what `Store.open` takes. May hold a password.
    database: str = field(repr=False)
    people: tuple[FollowedPerson, ...]
    #: Of everybody for whom nothing else is said; see `rules_for`.
    rules: tuple[Rule, ...]
    #: What narrows them by tag and person, and where it all stands.
    layers: Layers = field(default_factory=Layers, repr=False)
    #: May hold passwords.
    receivers: tuple[Receiver, ...] = field(repr=False)
    fetch: FetchConfig
    #: By source, the hosts (``host`` or ``host:port``) that its pages may be fetched from.
    source_hosts: SourceHosts
    #: By source, what the file says of it.
    sources: Mapping[str, SourceOptions] = field(repr=False)
    #: How often everybody is checked.
    cadences: Cadences
    #: When somebody is told that the program itself is not at work.
    watch: WatchConfig
    #: What is let go of in time; None: nothing.
    retention: RetentionConfig | None = None
    #: The text of the file as it may be kept in the database; None: it must not be.
    keepable: str | None = field(default=None, repr=False, compare=False)
    #: Set where the file is broken, and these are the settings of a former one.
    yesterday: Yesterday | None = None
    #: The rules of people who have the same tags with rules, and no rules of their own, are the same.
    _rule_sets: dict[NarrowedBy, RuleSet] = field(default_factory=dict, init=False, repr=False, compare=False)

    def rules_for(self, person: str, tags: Sequence[str]) -> RuleSet:
        """The rules that hold for somebody, by name and tags as events and the configuration give them."""
        by = self.layers.narrowed_by(person, tags)
        found = self._rule_sets.get(by)
        if found is None:
            if len(self._rule_sets) >= _RULE_SETS_KEPT:
                self._rule_sets.clear()
            found = RuleSet(narrowed(self.rules, self.layers.entries(by)))
            self._rule_sets[by] = found
        return found

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
        receivers = _receivers(sections["receivers"], path.parent, stream, contact)
        names = [receiver.name for receiver in receivers]
        layers = parse_layers(sections["rules"], sections["tags"], followed, names)
        return Settings(
            config_path=path,
            database=database or database_in(sections["database"], path),
            people=followed.people,
            rules=narrowed((), layers.broad),
            layers=layers,
            receivers=receivers,
            fetch=fetch,
            sources={name: replace(options, contact=contact) for name, options in sources.options.items()},
            source_hosts=followed.source_hosts,
            cadences=cadences(followed.people, parse_cadence(sections["cadence"])),
            watch=parse_watch(sections["watch"]),
            retention=parse_retention(sections["retention"]),
            keepable=keepable(document),
        )


def with_rules(settings: Settings, path: Path, *, rules: Setting, tags: Setting) -> Settings:
    """The settings with the rules of these sections of the document that ``path`` holds. Raises SettingError."""
    if rules.value is None:
        rules.refuse("there are none in this file")
    followed = Followed(people=settings.people, source_hosts={}, hosts=())
    layers = parse_layers(rules, tags, followed, [receiver.name for receiver in settings.receivers])
    return replace(settings, config_path=path, rules=narrowed((), layers.broad), layers=layers)


def say_who_asks(settings: Settings, host: str) -> None:
    """Raise ConfigError unless a host that is not on this machine could see who asks."""
    if is_loopback(host) or settings.fetch.user_agent != FetchConfig().user_agent:
        return
    raise ConfigError(
        f"is not set, and {host} must be able to see who asks; {HOW_TO_SET_USER_AGENT}",
        file=str(settings.config_path),
        path=("fetch", "user_agent"),
    )


def _receivers(section: Setting, folder: Path, stream: TextIO, contact: str | None) -> tuple[Receiver, ...]:
    raw = _DEFAULT_RECEIVERS if section.value is None else section.value
    return parse_receivers(raw, folder=folder, stream=stream, contact=contact)
