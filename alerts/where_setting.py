"""The key ``where`` of a rule, from the configuration. The grammar is closed: nothing in it is run."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from alerts.delta import parse_delta, parse_score
from alerts.duration import parse_duration
from alerts.pattern import parse_pattern
from alerts.setting import KeyPath, Setting, SettingError
from alerts.subject import plain_metric
from alerts.where import OF_PAPERS, IfMissing, Where
from tracking.event import EventKind

#: So many conditions may lie within each other; nobody can read more.
_DEEPEST = 5
_TEN_YEARS = timedelta(days=3660)

_T = TypeVar("_T")


def parse_parts(setting: Setting, *, may_be_empty: bool = False, depth: int = 1) -> dict[str, Any]:
    """The parts that are given, by key, for `with_parts`.

    ``may_be_empty``: a part without a value is there, and asks for nothing. Raises SettingError.
    """
    parts: dict[str, Any] = {}
    for key, part in setting.mapping(known=_READERS).items():
        field, read = _READERS[key]
        if may_be_empty and part.value is None:
            parts[key] = _NOTHING[field]
        elif key in _NESTED:
            parts[key] = read(part, depth + 1)
        else:
            parts[key] = read(part)
    return parts


def with_parts(where: Where, parts: Mapping[str, Any]) -> Where:
    """The condition with these parts in the place of those that it has."""
    return replace(where, **{_READERS[key][0]: part for key, part in parts.items()})


def parse_where(setting: Setting, depth: int = 1) -> Where:
    """A whole condition that says something. Raises SettingError."""
    if depth > _DEEPEST:
        setting.refuse(f"conditions lie within each other {_DEEPEST} deep at most")
    where = with_parts(Where(), parse_parts(setting, depth=depth))
    if replace(where, if_missing=None) == Where():
        setting.refuse("says nothing; name at least one part, like category: LG")
    return where


def idle_part(where: Where, on: Collection[EventKind]) -> tuple[KeyPath, str] | None:
    """The first part that cannot hold for any event of these kinds, by its keys, and why."""
    return next(_idle(where, _Has.of(on)), None)


def _idle(where: Where, has: "_Has") -> Iterator[tuple[KeyPath, str]]:
    for name in OF_PAPERS:
        if getattr(where, name) != _NOTHING[name] and not has.papers:
            yield (name,), "only events of papers have it; “on” names none"
    if where.metric and not has.metrics:
        yield ("metric",), "only events of metrics have it; “on” names none"
    if where.delta is not None and not has.steps:
        yield ("delta",), "only changes of a number have it; “on” names none"
    if where.within is not None and where.delta is None:
        yield ("within",), "goes with “delta” beside it: how far the metric moved in this time"
    if where.within is not None and not has.metrics:
        yield ("within",), "only events of metrics have it; “on” names none"
    for key, inner in (("all", where.all_of), ("any", where.any_of)):
        for position, one in enumerate(inner):
            yield from (((key, position, *path), why) for path, why in _idle(one, has))
    if where.none_of is not None:
        yield from ((("not", *path), why) for path, why in _idle(where.none_of, has))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Has:
    """What events of some kinds are about."""

    papers: bool
    metrics: bool
    steps: bool

    @classmethod
    def of(cls, on: Collection[EventKind]) -> "_Has":
        moves = any(kind.startswith("metric.") for kind in on)
        return cls(
            papers=any(kind.startswith("paper.") for kind in on),
            metrics=moves or EventKind.SOURCE_RECOUNT in on,
            steps=moves or EventKind.PAPER_ENRICHED in on,
        )


# ---- readers


def _parsed(parse: Callable[[str], _T], setting: Setting) -> _T:
    """What ``parse`` makes of the text; its ValueError becomes the setting's own error."""
    try:
        return parse(setting.text())
    except SettingError:
        raise
    except ValueError as error:
        setting.refuse(str(error))


def _metrics(setting: Setting) -> tuple[str, ...]:
    return tuple(plain_metric(name) for name in setting.texts())


def _if_missing(setting: Setting) -> IfMissing:
    name = setting.text()
    if name not in list(IfMissing):
        setting.refuse("must be match or skip")
    return IfMissing(name)


def _several(setting: Setting, depth: int) -> tuple[Where, ...]:
    if not isinstance(setting.value, list):
        setting.refuse("must be a list of conditions, like [{category: LG}, {has_code: true}]")
    return tuple(parse_where(one, depth) for one in setting.one_or_more())


_NESTED = ("all", "any", "not")
#: By key: the field of `Where`, and what reads it.
_READERS: Mapping[str, tuple[str, Callable[..., Any]]] = {
    "category": ("category", Setting.texts),
    "title": ("title", partial(_parsed, parse_pattern)),
    "abstract": ("abstract", partial(_parsed, parse_pattern)),
    "coauthor": ("coauthor", Setting.texts),
    "institution": ("institution", Setting.texts),
    "has_code": ("has_code", Setting.flag),
    "score": ("score", partial(_parsed, parse_score)),
    "published_within": ("published_within", partial(parse_duration, longest=_TEN_YEARS)),
    "person": ("person", Setting.texts),
    "tag": ("tag", Setting.texts),
    "source": ("source", Setting.texts),
    "metric": ("metric", _metrics),
    "delta": ("delta", partial(_parsed, parse_delta)),
    "within": ("within", parse_duration),
    "all": ("all_of", _several),
    "any": ("any_of", _several),
    "not": ("none_of", parse_where),
    "if_missing": ("if_missing", _if_missing),
}
#: The keys of a condition.
PARTS = tuple(_READERS)
_NOTHING: Mapping[str, Any] = {field: getattr(Where(), field) for field, _ in _READERS.values()}
