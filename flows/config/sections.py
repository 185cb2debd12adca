"""The sections of the file, and the one that says where everything is kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alerts.setting import Setting, SettingError
from flows.config.database import resolve_database
from flows.config.document import Document

_SECTIONS = ("database", "people", "rules", "tags", "receivers", "sources", "fetch", "cadence", "watch", "retention")

DEFAULT_DATABASE = "scholarwatch.db"


@contextmanager
def located(document: Document) -> Iterator[None]:
    """What a section's reader refuses leaves here with the file and the line."""
    try:
        yield
    except SettingError as refusal:
        raise document.error(refusal) from None


def sections_of(document: Document) -> dict[str, Setting]:
    """Every section; one that the file does not have, or has empty, holds None."""
    root = Setting({} if document.root is None else document.root, (), SettingError)
    return {name: root.child(name, None) for name in _SECTIONS} | root.mapping(known=_SECTIONS)


def database_in(setting: Setting, path: Path) -> str:
    """What the file says; relative paths start at its folder."""
    written = DEFAULT_DATABASE if setting.value is None else setting.text()
    try:
        return resolve_database(written, path.parent)
    except ValueError as error:
        setting.refuse(str(error))
