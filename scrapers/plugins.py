"""Sources that other packages bring: entry points of the group ``scholarwatch.sources``.

    [project.entry-points."scholarwatch.sources"]
    example = "scholarwatch_example:EXAMPLE"

The object is a `scrapers.source.Source`. One that cannot be used is left out and named: the others go on.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points

from scrapers.source import Source

GROUP = "scholarwatch.sources"

_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")


@dataclass(frozen=True, slots=True)
class BrokenPlugin:
    """An entry point that gives no source; ``reason`` is one sentence."""

    name: str
    package: str
    reason: str


def load_plugins(taken: Collection[str]) -> tuple[list[Source], list[BrokenPlugin]]:
    """The sources of installed packages, in the order of their names; ``taken`` names are not given again."""
    return sources_of(sorted(entry_points(group=GROUP), key=lambda point: (point.name, _package(point))), taken)


def sources_of(points: Iterable[EntryPoint], taken: Collection[str]) -> tuple[list[Source], list[BrokenPlugin]]:
    """What the entry points give; of two that give one name, the first."""
    sources: list[Source] = []
    broken: list[BrokenPlugin] = []
    names = set(taken)
    for point in points:
        try:
            source = _source(point)
        except ValueError as error:
            broken.append(BrokenPlugin(point.name, _package(point), str(error)))
            continue
        if source.name in names:
            broken.append(BrokenPlugin(point.name, _package(point), f"there is a source {source.name!r} already"))
            continue
        names.add(source.name)
        sources.append(source)
    return sources, broken


def _source(point: EntryPoint) -> Source:
    """Raises ValueError, saying what is wrong."""
    try:
        found = point.load()
    except Exception as error:
        raise ValueError(f"{point.value} cannot be imported: {type(error).__name__}: {error}") from error
    if not isinstance(found, Source):
        raise ValueError(f"{point.value} is a {type(found).__name__}, not a Source")
    if not _NAME.fullmatch(found.name):
        raise ValueError(f"{found.name!r} is no name for a source: small letters, digits and _")
    return found


def _package(point: EntryPoint) -> str:
    return point.dist.name if point.dist is not None else "?"
