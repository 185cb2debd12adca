"""The table that says when saved pages were observed, and whose they are.

file,observed_at,profile
first.html,2026-03-01T08:30:00Z,https://www.example.org/author/1
second.html,2026-03-02,12345
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from pathlib import Path

from scrapers.origins.archived_url import url_key
from scrapers.origins.dated_names import MIDDAY
from scrapers.registry import SOURCES
from tracking.capture import OriginError


@dataclass(frozen=True, slots=True)
class Entry:
    """What a manifest says of one file."""

    observed_at: datetime
    #: URL or key; empty: the file is of any profile that is asked for.
    profile: str

    def is_of(self, url: str) -> bool:
        """True when the file is of the profile at this URL."""
        if not self.profile:
            return True
        if "://" in self.profile:
            return url_key(self.profile) == url_key(url)
        return self.profile in _keys(url)


def read_manifest(path: Path, zone: tzinfo) -> Mapping[str, Entry]:
    """By file, as the manifest writes it: relative to the folder of the pages.

    ``observed_at`` is ISO 8601; without an offset it is in ``zone``, a day alone means 12:00 of it. Other columns are
    left alone. Raises OriginError with the line.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return _entries(path, csv.DictReader(lines, strict=True), zone)
    except (OSError, UnicodeDecodeError) as error:
        raise OriginError(f"the manifest {path} cannot be read: {error}") from error


def _entries(path: Path, rows: "csv.DictReader[str]", zone: tzinfo) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    try:
        missing = {"file", "observed_at"} - set(rows.fieldnames or ())
        if missing:
            raise OriginError(f"{path}:1: there is no column {' and no column '.join(sorted(missing))}")
        for row in rows:
            file = (row["file"] or "").strip()
            if not file or file in entries:
                raise OriginError(f"{path}:{rows.line_num}: {f'{file} stands twice' if file else 'no file is named'}")
            try:
                observed_at = _moment((row["observed_at"] or "").strip(), zone)
            except ValueError as error:
                raise OriginError(f"{path}:{rows.line_num}: {file}: {error}") from error
            entries[file] = Entry(observed_at, (row.get("profile") or "").strip())
    except csv.Error as error:
        # The line that breaks off the reading is not counted.
        raise OriginError(f"{path}:{rows.line_num + 1}: {error}") from error
    return entries


def _moment(text: str, zone: tzinfo) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text), MIDDAY, zone)
    except ValueError:
        moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _keys(url: str) -> set[str]:
    """What the sources call the profile at this URL."""
    keys = set()
    for source in SOURCES.values():
        try:
            keys.add(source.profile_key(url))
        except ValueError:
            continue
    return keys
