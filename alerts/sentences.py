"""What an item says, in plain sentences. Everything that a site wrote passes through `shown` here."""

from datetime import datetime, tzinfo

from alerts.delta import is_number
from alerts.figures import (
    counted,
    elapsed,
    joined,
    localised,
    metric_change,
    metric_name,
    metric_value,
    moment,
    number,
)
from alerts.inert import inert, shortened
from alerts.kinds import WORDS, Item, is_one_sentence, is_seen_on_a_page, kind_of
from tracking.elsewhere import is_second_showing
from tracking.event import EventKind
from tracking.milestone import mark_between

_MOST_AUTHORS = 10
_LONGEST_TEXT = 300
#: Of what the program says itself, which may end with what to do.
_LONGEST_SENTENCE = 600
#: Fields of papers whose name in words is not simply the name without underscores.
_FIELDS = {"arxiv_id": "arXiv id", "doi": "DOI"}
#: Numbers that only count: a difference of theirs says nothing.
_ORDINALS = ("version",)
#: Where an item is of more events, the others are counted.
_MOST_EVENTS = 2


def shown(text: object, longest: int = _LONGEST_TEXT) -> str:
    """Text as it may be shown: inert, on one line, and not too long."""
    return shortened(inert(str(text)), longest)


def said(item: Item, zone: tzinfo) -> str:
    """The sentence that is all of an item's new value, its times in the zone; empty where there is none."""
    return localised(shown(item["after"], _LONGEST_SENTENCE), zone) if item["after"] is not None else ""


def why(item: Item, zone: tzinfo) -> str:
    return localised(shown(item["why"], _LONGEST_SENTENCE), zone)


def time_of(item: Item, name: str = "observed_at") -> datetime:
    return datetime.fromisoformat(item[name])


# ---- papers


def authors(item: Item) -> str:
    """``A, B and C``, ``A, B and others``, ``A, …, J and 12 more``; empty where none is known."""
    names = [shown(author) for author in item.get("authors", ())]
    first = names[:_MOST_AUTHORS]
    if not names:
        return ""
    if not item.get("authors_complete", True):
        return f"{', '.join(first)} and others"
    if hidden := len(names) - len(first):
        return f"{', '.join(first)} and {number(hidden)} more"
    return joined(first)


def publication(item: Item) -> str:
    """``Published 2026-05-12, category LG, score 98.1, with code``; empty where nothing of it is known."""
    parts = []
    if published := item.get("published"):
        parts.append(f"published {shown(published)}{' (year inferred)' if item.get('year_inferred') else ''}")
    if category := item.get("category"):
        parts.append(f"category {shown(category)}")
    if is_number(score := item.get("score")):
        parts.append(f"score {number(score)}")
    if item.get("has_code"):
        parts.append("with code")
    return capitalised(", ".join(parts))


def first_together(item: Item) -> str:
    """``First paper together of Ada and Bo``; empty where they had shown another before."""
    pairs = [[shown(name) for name in pair] for pair in item.get("first_together", ())]
    people = list(dict.fromkeys(name for pair in pairs for name in pair))
    if not pairs:
        return ""
    if len(pairs) == len(people) * (len(people) - 1) // 2:
        return f"First paper together of {joined(people)}"
    return f"First paper together of {', and of '.join(joined(pair) for pair in pairs)}"


# ---- changes


def change(item: Item) -> str:
    """``Citations 17,576 → 17,683 (+107, +0.6 %) in 1 day``; empty when there is neither a before nor an after."""
    if _is_second_showing(item):
        return f"Now at {shown(item['after'])} too{_later(item)}"
    field, before, after = item.get("field", ""), item["before"], item["after"]
    if before is None and after is None:
        return ""
    if field == "has_code" and after is not None:
        return "With code now" if after else "Without code now"
    name = _begun(field_name(field))
    if before is None:
        return f"{name}{_value(field, after)} (not shown before)"
    if after is None:
        return f"{name}{_value(field, before)} → no longer shown"
    if is_number(before) and is_number(after) and field not in _ORDINALS:
        return f"{name}{_passed(item)}{metric_change(field, before, after)}{_duration(item)}"
    return f"{name}{_value(field, before)} → {_value(field, after)}{_duration(item)}"


def _passed(item: Item) -> str:
    """``passed 10,000: `` of a milestone; empty for everything else."""
    is_milestone = EventKind.METRIC_MILESTONE in (item["kind"], item.get("told"))
    mark = mark_between(item["field"], item["before"], item["after"]) if is_milestone and "field" in item else None
    if mark is None:
        return ""
    return f"{'reached' if mark == item['after'] else 'passed'} {number(mark)}: "


def _begun(name: str) -> str:
    """The name of what changed, before its values: a year at its end is none of them."""
    if not name:
        return ""
    return f"{name}: " if name[-1].isdigit() else f"{name} "


def field_name(field: str) -> str:
    """At the beginning of a sentence: ``h_index`` → ``H-index``, ``arxiv_id`` → ``arXiv id``."""
    return _FIELDS.get(field) or capitalised(shown(metric_name(field)))


def told(item: Item) -> str:
    """What a correction takes back: ``new paper “A Title”``, ``changed metric: Citations 100 → 110 (+10, +10.0 %)``."""
    kind = EventKind(item["told"])
    name = WORDS[kind].one
    if kind.startswith("paper."):
        name = f"{name} “{shown(item['title'])}”"
    is_a_whole = kind in (EventKind.PROFILE_BASELINE, EventKind.PROFILE_SUSPECT) or is_one_sentence(kind)
    what = "" if is_a_whole else change(item)
    return f"{name}: {what}" if what else name


def baseline(papers: object) -> str:
    if not is_number(papers):
        return "What comes from now on is told"
    known = "1 paper is" if papers == 1 else f"{number(papers)} papers are"
    return f"{known} known; what comes from now on is told"


def _is_second_showing(item: Item) -> bool:
    return is_second_showing(kind_of(item), item.get("field"))


def _later(item: Item) -> str:
    first = shown(item["before"])
    if "since" not in item:
        return f", after {first}"
    return f", {elapsed(time_of(item, 'since'), time_of(item))} after {first}"


def _value(field: str, value: object) -> str:
    if is_number(value):
        return metric_value(field, value)
    match value:
        case bool():
            return "yes" if value else "no"
        case list():
            return shown(", ".join(str(part) for part in value))
        case _:
            return shown(value)


def _duration(item: Item) -> str:
    """`` in 1 day``, `` in 3 days, several changes together``."""
    if "since" not in item:
        return ""
    together = ", several changes together" if item.get("summed") else ""
    return f" in {elapsed(time_of(item, 'since'), time_of(item))}{together}"


# ---- times


def times(item: Item, zone: tzinfo) -> str:
    """When it was observed, when it was first seen here, since when the earlier value held: as far as that is known."""
    kind = kind_of(item)
    observed = moment(time_of(item), zone)
    at = f" at {shown(item['source'])}" if "source" in item and is_seen_on_a_page(item) else ""
    if kind is EventKind.PROFILE_CORRECTED:
        told_at = moment(time_of(item, "told_at"), zone)
        return f"{f'Seen{at}, told' if at else 'Told'} on {told_at}, taken back on {observed}{_events(item)}"
    if kind in (EventKind.PAPER_NEW, EventKind.PAPER_LATE):
        return f"First seen{at} on {observed}{_events(item)}"
    line = f"Observed{at} on {observed}" if is_seen_on_a_page(item) else f"Noticed on {observed}"
    if "first_seen" in item:
        line += f", first seen here on {moment(time_of(item, 'first_seen'), zone)}"
    if "since" in item and item["before"] is not None and not _is_second_showing(item):
        line += f", the earlier value since {moment(time_of(item, 'since'), zone)}"
    return f"{line}{_events(item)}"


def _events(item: Item) -> str:
    """`` (event 8f2c…)``, by which `why`, `verify` and `ack` know it."""
    events = [inert(event) for event in item.get("events", ())]
    if not events:
        return ""
    first = events if len(events) <= _MOST_EVENTS else [*events[: _MOST_EVENTS - 1], f"{len(events) - 1} more"]
    return f" (event{'' if len(events) == 1 else 's'} {joined(first)})"


def counted_items(kind: EventKind, count: int) -> str:
    """``1 new paper``, ``12 changed metrics``."""
    return counted(count, WORDS[kind].one, WORDS[kind].several)


def capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
