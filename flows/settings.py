"""What the owner wrote down: ``scholarwatch.yaml`` and the environment, which nothing else of the project reads.

settings = load(None)                          # $SCHOLARWATCH_CONFIG, else ./scholarwatch.yaml
settings.people[0].profiles[0].source          # "scholarfeed"

file ──> Document (values, lines) ──> sources ──> people ──> fetch ──> Settings
                                 ╰──> receivers ──> rules ─────────────╯
"""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import reduce
from pathlib import Path
from typing import TextIO

from alerts.delivery import Receiver
from alerts.receivers import parse_receivers
from alerts.rules import DEFAULT_RULES, EVERYONE, Rule, parse_rules
from alerts.setting import Setting, SettingError, suggestion
from flows.config import prefect_profile
from flows.config.database import resolve_database
from flows.config.document import Document, parse_document, read_document, read_text
from flows.config.error import ConfigError
from flows.config.fetching import FetchConfig, parse_fetch, user_agent_with
from flows.config.insert import NewPerson, NoPlaceError, insert_person
from flows.config.people import parse_people
from flows.config.replace import replace_text
from flows.config.sources import SourceHosts, parse_sources
from flows.config.template import template
from tracking.view import FollowedPerson

__all__ = [
    "ConfigError",
    "FetchConfig",
    "NewPerson",
    "Settings",
    "add_people",
    "add_person",
    "config_path",
    "database_of",
    "load",
    "prefect_api_url",
    "write_template",
]

_SECTIONS = ("database", "people", "rules", "receivers", "sources", "fetch")
_DEFAULT_CONFIG = "scholarwatch.yaml"
_DEFAULT_DATABASE = "scholarwatch.db"
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
    #: Between two checks of one profile.
    cadence_hours: int = 24


def load(config: Path | None, *, database: str | None = None, stream: TextIO | None = None) -> Settings:
    """Read and check the configuration. Raises ConfigError, whose text names file, line and key.

    ``database`` goes before the environment, and that before the file. Terminal receivers write to ``stream``
    (standard error when there is none: standard output belongs to JSON).
    """
    path = config_path(config)
    document = read_document(path, os.environ)
    return _settings(document, path, database=database, stream=stream)


def config_path(config: Path | None) -> Path:
    """The file that was asked for, else ``$SCHOLARWATCH_CONFIG``, else ``./scholarwatch.yaml``."""
    return config or Path(os.environ.get("SCHOLARWATCH_CONFIG") or _DEFAULT_CONFIG)


def database_of(config: Path | None, *, database: str | None = None) -> str:
    """Where the database is, for verbs that only read it: a broken rule does not keep them from that.

    The file is not looked at when the argument or the environment says it, and may be missing. Raises ConfigError.
    """
    if said := _database_said(database):
        return said
    path = config_path(config)
    if config is None and not path.exists():
        return resolve_database(_DEFAULT_DATABASE, path.parent)
    document = read_document(path, os.environ, only="database")
    with _located(document):
        return _database_in(_sections(document)["database"], path)


def write_template(config: Path | None, contact: str | None = None) -> Path:
    """Write a commented file to start from; ``contact`` is a mail address or URL for the user agent.

    Returns where it is. Raises ConfigError when there is such a file already, or it cannot be written.
    """
    path = config_path(config)
    try:
        text = template(user_agent_with(contact) if contact else None)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except ValueError as error:
        raise ConfigError(str(error)) from None
    except FileExistsError:
        raise ConfigError("is there already, and was left as it is", file=str(path)) from None
    except OSError as error:
        raise ConfigError(f"cannot be written: {error.strerror}", file=str(path)) from None
    return path


def add_person(config: Path | None, person: NewPerson) -> FollowedPerson:
    """`add_people` with one of them."""
    (added,) = add_people(config, [person])
    return added


def add_people(config: Path | None, people: Sequence[NewPerson]) -> tuple[FollowedPerson, ...]:
    """Put them at the end of ``people``, all or none; every other character of the file stays.

    Raises ConfigError, and leaves the file as it was, when the file is not sound before or would not be after: when a
    profile is followed already, say, or its source is not known.
    """
    path = config_path(config)
    text = read_text(path)
    before = _settings(parse_document(text, str(path), os.environ), path)
    try:
        new_text = reduce(insert_person, people, text)
        after = _settings(parse_document(new_text, str(path), os.environ), path)
    except NoPlaceError as error:
        raise ConfigError(f"{error}; write the entry by hand", file=str(path)) from None
    except ConfigError as error:
        # The line is one of a text that nobody will see.
        raise ConfigError(error.message, file=str(path), path=error.path) from None
    # Whatever an insertion does wrong must not reach the file.
    assert after.people[: -len(people)] == before.people
    assert replace(after, people=before.people, source_hosts=before.source_hosts) == before
    try:
        replace_text(path, new_text)
    except OSError as error:
        raise ConfigError(f"cannot be written: {error.strerror}", file=str(path)) from None
    return after.people[-len(people) :]


def prefect_api_url() -> str | None:
    """The API of the Prefect server that is configured, None when there is none. Raises ConfigError."""
    return prefect_profile.api_url(os.environ)


def _settings(document: Document, path: Path, *, database: str | None = None, stream: TextIO | None = None) -> Settings:
    with _located(document):
        sections = _sections(document)
        followed = parse_people(sections["people"], parse_sources(sections["sources"]))
        receivers = _receivers(sections["receivers"], path.parent, stream or sys.stderr)
        return Settings(
            config_path=path,
            database=_database_said(database) or _database_in(sections["database"], path),
            people=followed.people,
            rules=_rules(sections["rules"], receivers),
            receivers=receivers,
            fetch=parse_fetch(sections["fetch"], followed.hosts),
            source_hosts=followed.source_hosts,
        )


@contextmanager
def _located(document: Document) -> Iterator[None]:
    """What a section's reader refuses leaves here with the file and the line."""
    try:
        yield
    except SettingError as refusal:
        raise document.error(refusal) from None


def _sections(document: Document) -> dict[str, Setting]:
    """Every section; one that the file does not have, or has empty, holds None."""
    root = Setting({} if document.root is None else document.root, (), SettingError)
    return {name: root.child(name, None) for name in _SECTIONS} | root.mapping(known=_SECTIONS)


def _database_said(argument: str | None) -> str | None:
    """What the command line or the environment says; relative paths start at the working directory."""
    for written, origin in (
        (argument, "--database"),
        (os.environ.get("SCHOLARWATCH_DATABASE"), "$SCHOLARWATCH_DATABASE"),
    ):
        if written:
            try:
                return resolve_database(written, Path.cwd())
            except ValueError as error:
                raise ConfigError(str(error), file=origin) from None
    return None


def _database_in(setting: Setting, path: Path) -> str:
    """What the file says; relative paths start at its folder."""
    written = _DEFAULT_DATABASE if setting.value is None else setting.text()
    try:
        return resolve_database(written, path.parent)
    except ValueError as error:
        setting.refuse(str(error))


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
