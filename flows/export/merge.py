"""An earlier export and what has changed since: today's export.

    base   header, people, profile 1, profile 2, …          every profile once, in the order of their ids
    delta  header, people, op 1, rows, op 2, rows, …        every profile of today, in the same order

Both are read once, side by side; a few rows are in memory at a time. Merging the same delta again changes nothing.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO

from flows.export.jsonl import Header, LineWriter
from flows.export.wanted import ExportError
from tracking.exported import Table

_Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Merged:
    """``rows`` by table, of the whole that came of it."""

    run: int
    rows: Counter[str]


class _Lines:
    """A file of export, line by line; that it is whole is known at its end. Raises ExportError, OSError."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self.path = path
        self._numbered = enumerate(file, start=1)
        self._rows = 0
        self.header = self._read_header()

    def __iter__(self) -> Iterator[_Line]:
        for number, text in self._numbered:
            line = self._parsed(number, text)
            if "end" in line:
                if line.get("rows") != self._rows:
                    raise ExportError(f"{self.path}: it has {self._rows:,} rows, and says {line.get('rows')}")
                return
            self._rows += "table" in line
            yield line
        raise ExportError(f"{self.path}: the end is missing; it was not written to its end, or cut")

    def _read_header(self) -> Header:
        _, text = next(self._numbered, (1, b""))
        try:
            return Header.from_json(json.loads(text))
        except ExportError as error:
            raise ExportError(f"{self.path}: {error}") from None
        except (ValueError, KeyError, TypeError) as error:
            raise ExportError(f"{self.path}: this is no jsonl export of Scholarwatch") from error

    def _parsed(self, number: int, text: bytes) -> _Line:
        try:
            line: _Line = json.loads(text)
        except ValueError as error:
            raise ExportError(f"{self.path}:{number}: this line is damaged") from error
        match line:
            case {"table": str(), "key": list(), "row": dict()} | {"end": True}:
                return line
            case {"op": "keep" | "replace", "profile": [str(), str()], "person": str()} if (
                self.header.since is not None
            ):
                return line
        raise ExportError(f"{self.path}:{number}: this is no line of an export")


def merge(base: Path, delta: Path, out: BinaryIO) -> Merged:
    """Write to ``out`` what ``base`` is after ``delta``. Raises ExportError where they do not fit, OSError."""
    with base.open("rb") as base_file, delta.open("rb") as delta_file:
        before, changes = _Lines(base, base_file), _Lines(delta, delta_file)
        _check_fit(before, changes)
        writer = LineWriter(out, replace(changes.header, since=None))
        for line in _merged(before, changes):
            writer.write(line)
        writer.end()
    return Merged(changes.header.run, writer.rows)


def _check_fit(base: _Lines, delta: _Lines) -> None:
    before, changes = base.header, delta.header
    if before.since is not None:
        raise ExportError(f"{base.path}: this is a delta; what it is to be merged with comes first")
    if changes.since is None:
        raise ExportError(f"{delta.path}: this is a whole export; there is nothing to merge")
    if before.first_run_at not in (None, changes.first_run_at):
        raise ExportError(f"{delta.path}: it is of another database than {base.path}")
    for name in ("tables", "people", "tags"):
        ours, theirs = getattr(before, name), getattr(changes, name)
        if ours != theirs:
            raise ExportError(
                f"{delta.path}: its {name} are {_listed(theirs)}, and those of {base.path} {_listed(ours)}"
            )
    if changes.since > before.run:
        raise ExportError(
            f"{delta.path}: it begins after run {changes.since}, and {base.path} ends with run {before.run}; "
            f"export --since {before.run} would fit"
        )
    if changes.run < before.run or changes.exported_at < before.exported_at:
        raise ExportError(f"{delta.path}: it is older than {base.path}, which holds all of it")


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names) or "all"


def _merged(base: _Lines, delta: _Lines) -> Iterator[_Line]:
    blocks = _blocks(base)
    held = next(blocks, None)
    for op, changed in _ops(delta):
        if op is None:
            yield from changed
            continue
        profile = tuple(op["profile"])
        mine = held[1] if held is not None and held[0] == profile else None
        if op["op"] == "replace":
            yield from changed
        elif mine is None and Table.PROFILES in base.header.tables:
            raise ExportError(f"{base.path}: it lacks the profile {'/'.join(profile)}, which {delta.path} keeps")
        else:
            yield from _kept(mine or iter(()), changed, op["person"])
        if mine is not None:
            # What is left of the block is passed by.
            held = next(blocks, None)
    for _ in blocks:
        # To its end, which says that the file is whole.
        pass


def _blocks(base: _Lines) -> Iterator[tuple[tuple[str, ...], Iterator[_Line]]]:
    """The rows of each profile. People are in every delta, all of them."""
    of_profiles = (line for line in base if line["table"] != Table.PEOPLE)
    return groupby(of_profiles, key=lambda line: tuple(line["key"][:2]))


def _ops(delta: _Lines) -> Iterator[tuple[_Line | None, list[_Line]]]:
    """Each op with the rows after it; before the first, None with those of people."""
    op: _Line | None = None
    rows: list[_Line] = []
    for line in delta:
        if "op" in line:
            yield op, rows
            op, rows = line, []
        else:
            rows.append(line)
    yield op, rows


def _kept(lines: Iterator[_Line], changed: list[_Line], person: str) -> Iterator[_Line]:
    """The rows as they were, but for the name and for those that the delta has."""
    by_key = {(line["table"], *line["key"]): line for line in changed}
    for line in lines:
        now = by_key.pop((line["table"], *line["key"]), None)
        if now is not None:
            yield now
            continue
        if "person" in line["row"]:
            line["row"]["person"] = person
        yield line
    for table, *key in by_key:
        raise ExportError(f"the delta changes the row {'/'.join(map(str, key))} of {table}, which is not there")
