"""The section ``people``: who is followed, on which profiles."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from alerts.rules import Entry, parse_entries
from alerts.setting import KeyPath, Setting, suggestion
from alerts.subject import folded
from flows.config.cadence import parse_every
from flows.config.error import RepeatError
from flows.config.hosts import authority, host_of
from flows.config.sources import SourceHosts, SourcesConfig, is_on
from scrapers.registry import SOURCES
from tracking.cadence import Every
from tracking.view import FollowedPerson, FollowedProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """Everybody in the file, and the hosts that their pages are on."""

    people: tuple[FollowedPerson, ...]
    #: Those that were given, and the hosts of profiles whose source is named beside the URL.
    source_hosts: SourceHosts
    #: Of all profiles, in the order of the file.
    hosts: tuple[str, ...]
    #: What people have of rules of their own, by name as names are compared.
    rules: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)


def parse_people(section: Setting, sources: SourcesConfig) -> Followed:
    """Read the section. Raises SettingError."""
    reader = _PeopleReader(sources)
    people = tuple(reader.person(item) for item in section.sequence()) if section.value is not None else ()
    return Followed(
        people=people,
        source_hosts={name: hosts | reader.named_hosts[name] for name, hosts in sources.hosts.items()},
        hosts=tuple(reader.hosts),
        rules=reader.rules,
    )


class _PeopleReader:
    """Reads one entry after the other and remembers which profiles and hosts it met."""

    def __init__(self, sources: SourcesConfig) -> None:
        self._options = sources.options
        self._source_of = {host: name for name, hosts in sources.hosts.items() for host in hosts}
        self._followed: dict[tuple[str, str], KeyPath] = {}
        self.named_hosts: dict[str, set[str]] = {name: set() for name in sources.hosts}
        # A dict keeps the order, so that an error always names the same one.
        self.hosts: dict[str, None] = {}
        self.rules: dict[str, tuple[Entry, ...]] = {}
        #: By name, where it stands.
        self._named: dict[str, KeyPath] = {}

    def person(self, setting: Setting) -> FollowedPerson:
        if isinstance(setting.value, str):
            return FollowedPerson(profiles=(self._profile(setting),))
        if not isinstance(setting.value, dict):
            setting.refuse("must be a URL, or a mapping with profiles")
        keys = setting.mapping(known=("name", "tags", "profiles", "cadence", "rules"))
        if "profiles" not in keys:
            setting.refuse("“profiles” is missing; write profiles: [https://…]")
        name = keys["name"].text() if "name" in keys else None
        self._read_rules(name, keys.get("rules"), setting)
        return FollowedPerson(
            name=name,
            tags=_tags(keys["tags"]) if "tags" in keys else (),
            cadence=parse_every(keys["cadence"]) if "cadence" in keys else None,
            profiles=tuple(self._profile(item) for item in keys["profiles"].one_or_more()),
        )

    def _read_rules(self, name: str | None, rules: Setting | None, person: Setting) -> None:
        """Rules find their person by the name: it must be there, and nobody else's."""
        if name is None:
            if rules is not None:
                rules.refuse("only somebody with a name can have rules; write name: beside them")
            return
        first = self._named.setdefault(folded(name), person.path)
        if first is not person.path and (rules is not None or folded(name) in self.rules):
            raise RepeatError(person.path, f"{name} has rules, and somebody else is called so", first)
        if rules is not None and rules.value is not None:
            self.rules[folded(name)] = parse_entries(rules, narrower=True)

    def _profile(self, setting: Setting) -> FollowedProfile:
        url, source_named, cadence = _parts_of_profile(setting)
        try:
            host = authority(url)
        except ValueError as error:
            setting.refuse(f"not the URL of a profile: {error}")
        source = source_named or self._recognise(host, setting)
        if not is_on(source, self._options[source]):
            setting.refuse(
                f"{source} is not asked unless the owner wants it; read docs/sources/{source}.md, then write "
                f"{source}: {{enabled: true}} under “sources”"
            )
        if source_named:
            self.named_hosts[source].add(host)
        try:
            profile = FollowedProfile(source=source, key=SOURCES[source].profile_key(url), url=url, cadence=cadence)
        except ValueError as error:
            setting.refuse(f"not a profile of {source}: {error}")
        self._refuse_repeat(profile, setting.path)
        self.hosts[host] = None
        return profile

    def _recognise(self, host: str, setting: Setting) -> str:
        source = self._source_of.get(host) or self._source_of.get(host_of(host))
        if source is None:
            setting.refuse(
                f"{host} is a host of no known source ({', '.join(SOURCES)}); name one, like "
                "{url: …, source: generic}, or write the host under “sources”"
            )
        return source

    def _refuse_repeat(self, profile: FollowedProfile, path: KeyPath) -> None:
        first = self._followed.setdefault((profile.source, profile.key), path)
        if first is not path:
            raise RepeatError(path, f"{profile.source} {profile.key} is followed already", first)


def _parts_of_profile(setting: Setting) -> tuple[str, str | None, Every | None]:
    """URL, source and cadence; the last two only where they are written beside it."""
    if not isinstance(setting.value, dict):
        return setting.text(), None, None
    keys = setting.mapping(known=("url", "source", "cadence"))
    if "url" not in keys:
        setting.refuse("“url” is missing")
    cadence = parse_every(keys["cadence"]) if "cadence" in keys else None
    if "source" not in keys:
        return keys["url"].text(), None, cadence
    source = keys["source"].text()
    if source not in SOURCES:
        keys["source"].refuse(f"no such source; {suggestion(source, SOURCES)}")
    return keys["url"].text(), source, cadence


def _tags(setting: Setting) -> tuple[str, ...]:
    if setting.value is None or setting.value == []:
        return ()
    return tuple(dict.fromkeys(setting.texts()))
