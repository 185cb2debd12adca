"""What the owner wrote down: ``scholarwatch.yaml`` and the environment, which nothing else of the project reads.

settings = load(None)                          # $SCHOLARWATCH_CONFIG, else ./scholarwatch.yaml
settings.people[0].profiles[0].source          # "scholarfeed"

The verbs that only read ask for the database alone, and have it before the parsers of the other sections are imported.
"""

import os
import sys
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from alerts.setting import suggestion
from flows import up_place
from flows.config import prefect_profile
from flows.config.database import resolve_database
from flows.config.document import Document, parse_document, read_document, read_text
from flows.config.error import ConfigError
from flows.config.insert import NewPerson, NoPlaceError, insert_person
from flows.config.replace import replace_text
from flows.config.secrets import passwords_in, secrets_in, secrets_of_environment
from flows.config.sections import DEFAULT_DATABASE, database_in, located, sections_of
from flows.logs import LogFormat, LogWish, wish_of
from flows.redaction import know
from tracking.view import FollowedPerson
from tracking.watchfulness import USUAL_PATIENCE, Patience

if TYPE_CHECKING:
    from flows.config.whole import Settings

__all__ = [
    "ConfigError",
    "NewPerson",
    "add_people",
    "add_person",
    "config_path",
    "database_of",
    "database_somehow",
    "load",
    "log_wish",
    "patience_of",
    "prefect_api_url",
    "prefect_database",
    "prefect_server",
    "recognise_people",
    "said_database",
    "serve_token",
    "settings_of",
    "settings_with",
    "surroundings",
    "values_of",
    "with_rules_of",
    "write_template",
]

_DEFAULT_CONFIG = "scholarwatch.yaml"

#: The database that the command line has named, for what runs in this process and must not be told otherwise.
said_database: ContextVar[str | None] = ContextVar("said_database", default=None)


def load(config: Path | None, *, database: str | None = None, stream: TextIO | None = None) -> "Settings":
    """Read and check the configuration. Raises ConfigError, whose text names file, line and key.

    ``database`` goes before the environment, and that before the file. Terminal receivers write to ``stream``
    (standard error when there is none: standard output belongs to JSON).
    """
    path = config_path(config)
    return _settings(_read(path), path, database=database, stream=stream)


def with_rules_of(settings: "Settings", file: Path) -> "Settings":
    """The settings with the rules of another file: a whole configuration, or one that has only ``rules`` and ``tags``.

    The database stays. Raises ConfigError, whose text names that file.
    """
    from flows.config.whole import with_rules

    document = _read(file)
    with located(document):
        sections = sections_of(document)
        if sections["people"].value is not None:
            return replace(_settings(document, file), database=settings.database)
        return with_rules(settings, file, rules=sections["rules"], tags=sections["tags"])


def settings_of(text: str, config: Path | None, *, database: str, stream: TextIO | None = None) -> "Settings":
    """The settings of a text that stood in the file once, and may lack its secrets. Raises ConfigError."""
    from flows.config.whole import read_settings

    path = config_path(config)
    document = parse_document(text, str(path), os.environ)
    know(secrets_in(document.root))
    return read_settings(document, path, database=database, stream=stream or sys.stderr)


def values_of(text: str, config: Path | None) -> dict[str, Any]:
    """The plain values of a text that stands or stood in the file, by section. Raises ConfigError."""
    root = parse_document(text, str(config_path(config)), os.environ).root
    return root if isinstance(root, dict) else {}


def settings_with(text: str, path: Path, *, database: str | None = None) -> "Settings":
    """The settings of the file at ``path`` as if it held this text. Raises ConfigError."""
    return _settings(parse_document(text, str(path), os.environ), path, database=database)


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
        return resolve_database(DEFAULT_DATABASE, path.parent)
    document = _read(path, only="database")
    with located(document):
        return database_in(sections_of(document)["database"], path)


def database_somehow(config: Path | None, *, database: str | None = None) -> str:
    """`database_of`, also where no more can be read of the file than the line that names it. Raises ConfigError."""
    try:
        return database_of(config, database=database)
    except ConfigError as error:
        path = config_path(config)
        if error.file != str(path):
            raise
    line = next((line for line in read_text(path).splitlines() if line.startswith("database:")), "")
    document = parse_document(line, str(path), os.environ, only="database")
    know(secrets_in(document.root))
    with located(document):
        return database_in(sections_of(document)["database"], path)


def patience_of(config: Path | None) -> Patience:
    """How long things may go wrong, for verbs that only read; as usual where there is no file. Raises ConfigError."""
    from flows.config.watch import parse_watch

    path = config_path(config)
    if config is None and not path.exists():
        return USUAL_PATIENCE
    document = _read(path, only="watch")
    with located(document):
        return parse_watch(sections_of(document)["watch"]).patience


def write_template(config: Path | None, contact: str | None = None) -> Path:
    """Write a commented file to start from; ``contact`` is a mail address or URL for the user agent.

    Returns where it is. Raises ConfigError when there is such a file already, or it cannot be written.
    """
    from flows.config.fetching import user_agent_with
    from flows.config.template import template

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
    new_text, added = _with_people(path, people)
    try:
        replace_text(path, new_text)
    except OSError as error:
        raise ConfigError(f"cannot be written: {error.strerror}", file=str(path)) from None
    return added


def recognise_people(config: Path | None, people: Sequence[NewPerson]) -> tuple[FollowedPerson, ...]:
    """Whom `add_people` would follow. Writes nothing, and raises what that would raise."""
    return _with_people(config_path(config), people)[1]


def _with_people(path: Path, people: Sequence[NewPerson]) -> tuple[str, tuple[FollowedPerson, ...]]:
    """The text of the file with these people in it, and how they are followed by it. Raises ConfigError."""
    text = read_text(path)
    document = parse_document(text, str(path), os.environ)
    know(secrets_in(document.root))
    before = _settings(document, path)
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
    return new_text, after.people[-len(people) :]


def prefect_api_url() -> str | None:
    """The API of the Prefect server that is configured, None when there is none. Raises ConfigError."""
    return prefect_profile.api_url(os.environ)


def surroundings(config: Path, database: str) -> dict[str, str]:
    """The environment for programs that are to use this configuration and this database, whatever else it says."""
    return {**os.environ, "SCHOLARWATCH_CONFIG": str(config), "SCHOLARWATCH_DATABASE": database}


def prefect_server() -> "up_place.Server | None":
    """The Prefect server that is configured, None when there is none. Raises ConfigError."""
    api = prefect_api_url()
    return None if api is None else up_place.Server.of(api, os.environ)


def prefect_database(argument: str | None, ours: str) -> str | None:
    """The URL of Prefect's own database, None where nothing is said of it. Raises UpError, see `flows.up_place`."""
    return up_place.prefect_database(argument, os.environ, ours)


def serve_token(argument: str | None) -> str | None:
    """What must be brought to see the pages: as the command line or ``$SCHOLARWATCH_TOKEN`` says; None: nothing."""
    return argument or os.environ.get("SCHOLARWATCH_TOKEN") or None


def log_wish() -> LogWish | None:
    """How the environment wants the log, for what has no command line; None: nobody wants one. Raises ConfigError."""
    form, file = (os.environ.get(f"SCHOLARWATCH_LOG_{name}") for name in ("FORMAT", "FILE"))
    try:
        return wish_of(LogFormat(form) if form else None, Path(file) if file else None)
    except ValueError:
        known = suggestion(str(form), list(LogFormat))
        raise ConfigError(f"{form!r} is no form of a log; {known}", file="$SCHOLARWATCH_LOG_FORMAT") from None


def _read(path: Path, *, only: str | None = None) -> Document:
    """The document; what is secret in it is known from then on, sound or not."""
    document = read_document(path, os.environ, only=only)
    know(secrets_in(document.root) | secrets_of_environment(os.environ))
    return document


def _database_said(argument: str | None) -> str | None:
    """What the command line or the environment says; relative paths start at the working directory."""
    for written, origin in (
        (argument, "--database"),
        (os.environ.get("SCHOLARWATCH_DATABASE"), "$SCHOLARWATCH_DATABASE"),
    ):
        if written:
            know(passwords_in(written))
            try:
                return resolve_database(written, Path.cwd())
            except ValueError as error:
                raise ConfigError(str(error), file=origin) from None
    return None


def _settings(
    document: Document, path: Path, *, database: str | None = None, stream: TextIO | None = None
) -> "Settings":
    from flows.config.whole import read_settings

    return read_settings(document, path, database=_database_said(database), stream=stream or sys.stderr)
