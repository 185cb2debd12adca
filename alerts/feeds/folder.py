"""A folder of feeds, which somebody's web server may show."""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alerts.feeds.atom import atom
from alerts.feeds.entry import FeedEntry
from alerts.feeds.feed import Feed

#: The feed of everything; it also remembers what all ids begin with.
ALL = "all"


class FeedError(Exception):
    """A file in the folder is none that was written here; the text names it."""


@dataclass(frozen=True, slots=True)
class Folder:
    path: Path
    #: The URL at which the folder is shown, with a slash at its end; empty: nobody said.
    url: str = ""

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Wait until nobody else writes here. Raises OSError."""
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / ".lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def tag(self, authority: str, year: int) -> str:
        """What ids begin with: as it was first written here, else by this authority in this year. Raises FeedError."""
        known = self._read(ALL)
        return known.tag if known else f"tag:{authority},{year}:"

    def add(self, name: str, title: str, tag: str, entries: Iterable[FeedEntry]) -> None:
        """Put entries into the feed of a name, which is begun if there is none. Raises FeedError, OSError."""
        before = self._read(name) or Feed(tag=tag, id=f"{tag}scholarwatch/{name}", title=title)
        feed = before.with_entries(entries)
        json_file, atom_file = f"{name}.json", f"{name}.atom"
        values = feed.to_json(self._url(json_file))
        self._write(json_file, json.dumps(values, ensure_ascii=False, indent=1).encode() + b"\n")
        self._write(atom_file, atom(feed, self._url(atom_file)))

    def _url(self, file: str) -> str:
        return self.url + file if self.url else ""

    def _read(self, name: str) -> Feed | None:
        path = self.path / f"{name}.json"
        try:
            values: Mapping[str, object] = json.loads(path.read_bytes())
        except FileNotFoundError:
            return None
        except ValueError as error:
            raise FeedError(f"{path} is no feed: {error}") from error
        try:
            return Feed.from_json(values)
        except (KeyError, TypeError, ValueError) as error:
            raise FeedError(f"{path} is no feed that was written here") from error

    def _write(self, file: str, content: bytes) -> None:
        """Whole or not at all; a file that says the same already is left alone."""
        path = self.path / file
        if path.is_file() and path.read_bytes() == content:
            return
        path.parent.mkdir(exist_ok=True)
        beside = path.with_name(f".{path.name}.new")
        with beside.open("wb") as unfinished:
            unfinished.write(content)
            unfinished.flush()
            os.fsync(unfinished.fileno())
        beside.replace(path)
