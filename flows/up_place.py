"""Where `up` runs: the address, Prefect's folder and database, and the environment of every part."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

#: What a server listens on that is no address to ask at.
_EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}
#: Prefect's names for its database's URL: the one of today, and the one before.
_DATABASE_VARIABLES = ("PREFECT_SERVER_DATABASE_CONNECTION_URL", "PREFECT_API_DATABASE_CONNECTION_URL")
#: A profile is of another folder, which says where its server is.
_PROFILE = ("PREFECT_PROFILE", "PREFECT_PROFILES_PATH")
_POSTGRESQL = "postgresql+asyncpg"
_SQLITE = "sqlite+aiosqlite"

#: What keeps Prefect's database small. Whoever has set one of these otherwise keeps it so.
RETENTION = {
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": f"{timedelta(days=30).total_seconds():.0f}",
    "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": "P7D",
}
#: On a busy machine a writer of SQLite waits longer than the 10 seconds after which Prefect gives up.
PATIENCE = {"PREFECT_SERVER_DATABASE_TIMEOUT": "60"}


class UpError(Exception):
    """A part could not be started, or has ended by itself. The text says which, and the end of its log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A Prefect server, by its API's URL; ``auth`` is ``name:password``, or nothing."""

    api: str
    auth: str = field(default="", repr=False)

    @classmethod
    def of(cls, api: str, environment: Mapping[str, str]) -> "Server":
        return cls(api=api, auth=environment.get("PREFECT_API_AUTH_STRING", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where it all runs. ``environment`` is that of the caller; ``home`` is to hold the logs and Prefect's files."""

    home: Path
    host: str
    port: int
    environment: Mapping[str, str]
    #: The URL of Prefect's own database, which may hold a password; None: a file in ``home``.
    prefect_database: str | None = None

    @property
    def address(self) -> str:
        """Of Prefect's pages, as this machine reaches them."""
        host = _EVERY_ADDRESS.get(self.host, self.host)
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def api(self) -> str:
        return f"{self.address}/api"

    @property
    def server(self) -> Server:
        return Server.of(self.api, self.environment)

    @property
    def surroundings(self) -> dict[str, str]:
        """The environment of every part."""
        others = {
            name: value for name, value in self.environment.items() if name not in (*_DATABASE_VARIABLES, *_PROFILE)
        }
        return {
            **RETENTION,
            **PATIENCE,
            "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(self.home / "pages"),
            **others,
            "PREFECT_HOME": str(self.home),
            "PREFECT_API_URL": self.api,
            # The parts talk to each other, and to no proxy.
            "NO_PROXY": ",".join(filter(None, [self.environment.get("NO_PROXY"), urlsplit(self.address).hostname])),
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "1",
            _DATABASE_VARIABLES[0]: self.prefect_database or f"{_SQLITE}:///{self.home / 'prefect.db'}",
        }


def prefect_database(written: str | None, environment: Mapping[str, str], ours: str) -> str | None:
    """The URL of Prefect's database, as the command line or else the environment says it; None: nothing is said.

    Raises UpError for what Prefect cannot use, and for ``ours``: both keep the number of their migration in a table
    of the same name. No message repeats a URL, which may hold a password.
    """
    said = written or next((environment[name] for name in _DATABASE_VARIABLES if environment.get(name)), None)
    if said is None:
        return None
    scheme, separator, rest = said.partition("://")
    match scheme:
        case "postgresql" | "postgres" | "postgresql+asyncpg":
            found = f"{_POSTGRESQL}://{rest}"
        case "sqlite" | "sqlite+aiosqlite":
            found = f"{_SQLITE}://{rest}"
        case _:
            what = f"{scheme}:// is not understood" if separator else "it must be a URL"
            raise UpError(f"Prefect's database: {what}; write {_POSTGRESQL}://… or {_SQLITE}:///FILE")
    try:
        is_ours = _whereabouts(found) == _whereabouts(ours)
    except ValueError:
        raise UpError("Prefect's database: the URL cannot be read") from None
    if is_ours:
        raise UpError("Prefect's database must be another than Scholarwatch's own: give it one of its own")
    return found


def _whereabouts(url: str) -> tuple[str | None, int, str]:
    """Server, port and database of a URL; a file's path for SQLite and for what is no URL."""
    if "://" not in url:
        return None, 0, str(Path(url))
    parts = urlsplit(url)
    if parts.scheme.startswith("sqlite"):
        return None, 0, str(Path(parts.path.removeprefix("/")))
    # Where a socket is meant, its folder stands among the options.
    host = parts.hostname or dict(parse_qsl(parts.query)).get("host", "localhost")
    return host, parts.port or 5432, parts.path
