"""Which record of which file is of which URL, in 28 bytes a record: files are read once, not once a profile."""

import hashlib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from scrapers.origins.archived_url import url_key
from scrapers.origins.warc_walk import Damage, Position, walk
from tracking.capture import OriginError, Skipped

_SUFFIXES = (".warc", ".warc.gz", ".arc", ".arc.gz")
#: The kinds of records that a page can be had from.
_PAGES = frozenset({"response", "resource", "revisit"})


class WarcIndex:
    """Made by reading all of the files, whose names for a person are the keys of ``files``."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self._paths = dict(files)
        self._names = tuple(files)
        self._keys = array("Q")
        self._files = array("I")
        self._offsets = array("Q")
        self._inner = array("Q")
        self.damages: list[Skipped] = []
        for number, (name, path) in enumerate(files.items()):
            self._read(number, name, path)

    def find(self, url: str) -> Iterator[str]:
        """The places of the records of a URL, in the order of the files.

        URLs are told apart by 64 bits of theirs: what is found may, once in an age, be of another one.
        """
        key = _number(url)
        at = -1
        while True:
            try:
                at = self._keys.index(key, at + 1)
            except ValueError:
                return
            yield f"{self._names[self._files[at]]}@{Position(self._offsets[at], self._inner[at])}"

    def locate(self, place: str) -> tuple[Path, Position]:
        """File and position of a place. Raises KeyError and ValueError for what is none of these files."""
        name, _, position = place.rpartition("@")
        return self._paths[name], Position.parse(position)

    def _read(self, number: int, name: str, path: Path) -> None:
        is_empty = True
        try:
            with path.open("rb") as file:
                for found in walk(file, path.name):
                    is_empty = False
                    if isinstance(found, Damage):
                        self.damages.append(Skipped(f"{name}@{found.position}", found.reason))
                    elif found.head.kind in _PAGES and found.head.url.lower().startswith(("http://", "https://")):
                        self._keys.append(_number(found.head.url))
                        self._files.append(number)
                        self._offsets.append(found.position.offset)
                        self._inner.append(found.position.inner)
        except OSError as error:
            self.damages.append(Skipped(name, f"cannot be read: {error.strerror}"))
        else:
            if is_empty:
                self.damages.append(Skipped(name, "holds no records"))


def files_at(paths: Sequence[Path]) -> dict[str, Path]:
    """The WARC and ARC files that paths name: files, and folders with all that is in them.

    By their names for a person: the file's own, or its path within the folder; the whole path where two would be called
    the same. Raises OriginError.
    """
    named = [found for path in paths for found in _files_at(path)]
    names = [name for name, _ in named]
    return {name if names.count(name) == 1 else str(path): path for name, path in named}


def _files_at(path: Path) -> list[tuple[str, Path]]:
    if path.is_file():
        return [(path.name, path)]
    if not path.is_dir():
        raise OriginError(f"there is no file or folder {path}")
    found = sorted(file for file in path.rglob("*") if file.name.lower().endswith(_SUFFIXES) and file.is_file())
    if not found:
        raise OriginError(f"{path} holds no web archive ({', '.join(_SUFFIXES)})")
    return [(file.relative_to(path).as_posix(), file) for file in found]


def _number(url: str) -> int:
    return int.from_bytes(hashlib.blake2b(url_key(url).encode("utf-8", "replace"), digest_size=8).digest())
