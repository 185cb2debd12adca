"""Rules: who wants to hear about which events.

>>> parse_rules([{"name": "new", "on": "paper.new", "where": {"title": "verifier"}, "notify": ["me"]}])[0].every
<Every.INSTANT: 'instant'>
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from alerts.delta import BySize, Comparison, Delta, Threshold, parse_delta, parse_score
from alerts.pattern import Pattern, parse_pattern
from alerts.setting import Setting, SettingError, suggestion
from tracking.event import EventKind

#: Stands in ``notify`` for every receiver there is.
EVERYONE = "*"

_LATER_RULE_KEYS = ("cooldown", "within", "and", "or", "not", "all", "any", "if_missing", "cap", "silence")
_LATER_WHERE_KEYS = ("within", "and", "or", "not", "all", "any", "if_missing", "before", "after")

_PAPER_PARTS = ("category", "title", "abstract", "has_code", "score")

_T = TypeVar("_T")


class RuleError(SettingError):
    """A rule cannot be used; ``path`` starts with ``rules``."""


class Every(StrEnum):
    """When a rule's events go out."""

    INSTANT = "instant"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """What an event must be like besides its kind. Every part that is given must hold.

    Names, tags, sources and categories are compared without regard to case; of several, one must fit.
    """

    category: tuple[str, ...] = ()
    title: Pattern | None = None
    abstract: Pattern | None = None
    has_code: bool | None = None
    person: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    metric: tuple[str, ...] = ()
    delta: Delta | None = None
    score: Threshold | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """``notify`` names receivers, or is `EVERYONE` alone."""

    name: str
    on: frozenset[EventKind]
    where: Where = Where()
    notify: tuple[str, ...] = (EVERYONE,)
    every: Every = Every.INSTANT

    def notifies(self, receiver: str) -> bool:
        return receiver in self.notify or EVERYONE in self.notify


def _at_least(amount: int, *, percent: bool = False) -> Threshold:
    return Threshold(Comparison.AT_LEAST, Fraction(amount), percent)


#: What holds when the configuration has no rules.
DEFAULT_RULES = (
    Rule(name="new papers", on=frozenset({EventKind.PAPER_NEW})),
    Rule(name="first looks", on=frozenset({EventKind.PROFILE_BASELINE})),
    Rule(
        name="metrics",
        on=frozenset({EventKind.METRIC_CHANGED}),
        where=Where(delta=BySize(below=1000, small=_at_least(10), large=_at_least(1, percent=True))),
        every=Every.DAILY,
    ),
    Rule(name="suspect pages", on=frozenset({EventKind.PROFILE_SUSPECT})),
    Rule(name="changed layouts", on=frozenset({EventKind.SOURCE_DRIFT})),
    Rule(name="hosts", on=frozenset({EventKind.HOST_DOWN, EventKind.HOST_BACK})),
)


def parse_rules(raw: object) -> tuple[Rule, ...]:
    """The rules of the configuration's ``rules`` key, given as plain YAML values.

    Whether the receivers that a rule names exist is not looked at. Raises RuleError.
    """
    names: set[str] = set()
    rules = []
    for setting in Setting(raw, ("rules",), RuleError).sequence():
        rule = _rule(setting)
        if rule.name in names:
            setting.child("name", rule.name).refuse(f"another rule is called “{rule.name}” too")
        names.add(rule.name)
        rules.append(rule)
    return tuple(rules)


def _rule(setting: Setting) -> Rule:
    keys = setting.mapping(known=("name", "on", "where", "notify", "every"), later=_LATER_RULE_KEYS)
    for required in ("name", "on"):
        if required not in keys:
            setting.refuse(f"“{required}” is missing")
    on = frozenset(_event_kind(kind) for kind in keys["on"].one_or_more())
    return Rule(
        name=keys["name"].text(),
        on=on,
        where=_where(keys["where"], on) if "where" in keys else Where(),
        notify=keys["notify"].texts() if "notify" in keys else (EVERYONE,),
        every=_every(keys["every"]) if "every" in keys else Every.INSTANT,
    )


def _event_kind(setting: Setting) -> EventKind:
    name = setting.text()
    if name not in list(EventKind):
        setting.refuse(f"no such kind of event; {suggestion(name, list(EventKind))}")
    return EventKind(name)


def _every(setting: Setting) -> Every:
    name = setting.text()
    if name not in list(Every):
        setting.refuse(f"no such period; {suggestion(name, list(Every))}")
    return Every(name)


def _where(setting: Setting, on: frozenset[EventKind]) -> Where:
    parts = setting.mapping(known=Where.__slots__, later=_LATER_WHERE_KEYS)
    for name, part in parts.items():
        _refuse_idle(name, part, on)
    return Where(
        category=_texts(parts.get("category")),
        title=_parsed(parts.get("title"), parse_pattern),
        abstract=_parsed(parts.get("abstract"), parse_pattern),
        has_code=parts["has_code"].flag() if "has_code" in parts else None,
        person=_texts(parts.get("person")),
        tag=_texts(parts.get("tag")),
        source=_texts(parts.get("source")),
        metric=tuple(_metric(name) for name in _texts(parts.get("metric"))),
        delta=_parsed(parts.get("delta"), parse_delta),
        score=_parsed(parts.get("score"), parse_score),
    )


def _refuse_idle(name: str, part: Setting, on: frozenset[EventKind]) -> None:
    """A part that no event of the rule can have would keep the rule silent for ever."""
    if name in _PAPER_PARTS and not any(kind.startswith("paper.") for kind in on):
        part.refuse("only events of papers have it; “on” names none")
    if name == "metric" and not any(kind.startswith("metric.") for kind in on):
        part.refuse("only events of metrics have it; “on” names none")
    if name == "delta" and not any(kind.startswith(("metric.", EventKind.PAPER_ENRICHED)) for kind in on):
        part.refuse("only changes of a number have it; “on” names none")


def _texts(setting: Setting | None) -> tuple[str, ...]:
    return setting.texts() if setting else ()


def _parsed(setting: Setting | None, parse: Callable[[str], _T]) -> _T | None:
    """What ``parse`` makes of the text; its ValueError becomes the setting's own error."""
    if setting is None:
        return None
    try:
        return parse(setting.text())
    except SettingError:
        raise
    except ValueError as error:
        setting.refuse(str(error))


def _metric(name: str) -> str:
    """``h-index`` and ``h index`` mean ``h_index``."""
    return name.lower().replace("-", "_").replace(" ", "_")
