"""Where the database is, from what somebody wrote: a path, a SQLite URL, or a PostgreSQL URL."""

from pathlib import Path

_SQLITE = "sqlite:///"
_POSTGRESQL = ("postgresql+psycopg://", "postgresql://", "postgres://")


def resolve_database(written: str, folder: Path) -> str:
    """An absolute path, ``sqlite:////…`` or ``postgresql+psycopg://…``; relative paths start at ``folder``.

    Raises ValueError that says what is allowed.
    """
    if written in ("sqlite://", f"{_SQLITE}:memory:", ":memory:"):
        raise ValueError("a database in memory would forget everything between two runs; write a path")
    if written.startswith(_SQLITE):
        return f"{_SQLITE}{folder.absolute() / written.removeprefix(_SQLITE)}"
    for scheme in _POSTGRESQL:
        if written.startswith(scheme):
            return f"{_POSTGRESQL[0]}{written.removeprefix(scheme)}"
    if "://" in written:
        # The URL may hold a password: only its scheme is repeated.
        scheme = written.partition("://")[0]
        raise ValueError(f"{scheme}:// is no database of this program; write a path or postgresql+psycopg://…")
    return str(folder.absolute() / Path(written).expanduser())
