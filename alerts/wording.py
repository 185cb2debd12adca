"""A message in plain words: a subject of one line, and a body.

Everything that a site wrote passes through `inert` here; links are shown only when they are plain web addresses.
"""

import shlex
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from alerts.delta import is_number
from alerts.figures import elapsed, joined, metric_change, metric_name, metric_value, moment, number
from alerts.inert import inert, shortened, web_address
from alerts.message import Message
from tracking.elsewhere import is_second_showing
from tracking.event import EventKind

_MOST_ITEMS = 20
_MOST_AUTHORS = 10
_LONGEST_TEXT = 300
_LONGEST_SUBJECT = 150

#: What an item of each kind is called: one, several, and as the head of one that ends with the person.
_KINDS = {
    EventKind.PAPER_NEW: ("new paper", "new papers", "New paper by"),
    EventKind.PAPER_LATE: ("older paper", "older papers", "Older paper, listed for the first time, by"),
    EventKind.PAPER_ENRICHED: ("paper with new facts", "papers with new facts", "New facts on a paper by"),
    EventKind.PAPER_RETITLED: ("new title", "new titles", "New title of a paper by"),
    EventKind.PAPER_REVISED: ("new version", "new versions", "New version of a paper by"),
    EventKind.PAPER_REMOVED: ("paper removed", "papers removed", "Not listed any more, a paper by"),
    EventKind.PAPER_RETURNED: ("paper back", "papers back", "Listed again, a paper by"),
    EventKind.METRIC_CHANGED: ("changed metric", "changed metrics", "Changed metric of"),
    EventKind.METRIC_MILESTONE: ("milestone", "milestones", "Milestone of"),
    EventKind.METRIC_RECOUNT: ("recounted metric", "recounted metrics", "Recounted metric of"),
    EventKind.PROFILE_BASELINE: ("profile now followed", "profiles now followed", "Now following"),
    EventKind.PROFILE_RENAMED: ("new name", "new names", "New name of"),
    EventKind.PROFILE_MOVED: ("profile moved", "profiles moved", "New address of"),
    EventKind.PROFILE_GONE: ("profile gone", "profiles gone", "No profile any more of"),
    EventKind.PROFILE_SUSPECT: ("page to look at", "pages to look at", "A page that cannot be believed, of"),
    EventKind.SOURCE_DRIFT: (
        "source with another layout",
        "sources with another layout",
        "A source has another layout, as on the page of",
    ),
    EventKind.SOURCE_RECOUNT: (
        "source that counted anew",
        "sources that counted anew",
        "A source has counted anew, as on the page of",
    ),
    EventKind.PROFILE_STALE: (
        "profile not read for long",
        "profiles not read for long",
        "Not read for long, the profile of",
    ),
    EventKind.RUN_MISSED: ("missed run", "missed runs", "No run for long, of those who are followed for instance"),
    EventKind.DELIVERY_FAILED: (
        "message given up",
        "messages given up",
        "A message was given up; among those who are followed:",
    ),
    EventKind.RECEIVER_OFF: (
        "receiver switched off",
        "receivers switched off",
        "A receiver is switched off; among those who are followed:",
    ),
    EventKind.HOST_DOWN: ("host down", "hosts down", "A host cannot be asked, for instance about"),
    EventKind.HOST_BACK: ("host back", "hosts back", "A host can be asked again, for instance about"),
    EventKind.PROFILE_CORRECTED: ("correction", "corrections", "Correction about"),
}

#: Events that say all they have to say in one sentence.
_ONE_SENTENCE = (
    EventKind.HOST_DOWN,
    EventKind.HOST_BACK,
    EventKind.SOURCE_RECOUNT,
    EventKind.PROFILE_STALE,
    EventKind.RUN_MISSED,
    EventKind.DELIVERY_FAILED,
    EventKind.RECEIVER_OFF,
)

Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wording:
    """Plain text without control characters, but for the line ends of the body."""

    subject: str
    body: str


def wording_of(message: Message) -> Wording:
    """The message as a person reads it: at most 20 items in full, the number of the others, and the message's id."""
    shown = message.items[:_MOST_ITEMS]
    blocks = ["\n".join(_item_lines(item)) for item in shown]
    if hidden := len(message.items) - len(shown):
        blocks.append(f"and {number(hidden)} more")
    if message.absorbed:
        facts = "1 fact was" if message.absorbed == 1 else f"{number(message.absorbed)} facts were"
        blocks.append(f"{facts} read anew by a better parser since the last digest; nobody was told of them.")
    blocks.append(f"Scholarwatch, message {inert(message.id)} of {moment(message.created_at)}")
    return Wording(_subject(message), "\n\n".join(blocks))


def _subject(message: Message) -> str:
    if len(message.items) == 1:
        item = message.items[0]
        subject = f"{_head(item)}: {_headline(item)}" if _headline(item) else _head(item)
    else:
        counts = Counter(EventKind(item["kind"]) for item in message.items)
        subject = joined([f"{number(count)} {_KINDS[kind][0 if count == 1 else 1]}" for kind, count in counts.items()])
    return shortened(f"Digest: {subject}" if message.digest else subject, _LONGEST_SUBJECT)


def _head(item: Item) -> str:
    return f"{_KINDS[EventKind(item['kind'])][2]} {_text(item['person'])}"


def _headline(item: Item) -> str:
    """What the item is about beyond the person; empty when it is about the person as a whole."""
    if item["kind"] == EventKind.PROFILE_CORRECTED:
        return f"{_told(item)} is taken back"
    if item["kind"].startswith("metric."):
        return _change(item)
    if item["kind"] in _ONE_SENTENCE:
        return _text(str(item["after"]))
    return _text(item["title"]) if item["kind"].startswith("paper.") else ""


def _item_lines(item: Item) -> list[str]:
    details = [*_about(item), _times(item), f"Why: {_text(item['why'])}", _link(item)]
    return [_head(item), *(f"  {detail}" for detail in details if detail)]


def _about(item: Item) -> list[str]:
    """The lines that say what there is or what changed."""
    match EventKind(item["kind"]):
        case EventKind.PROFILE_BASELINE:
            return [_baseline(item["after"])]
        case EventKind.SOURCE_DRIFT:
            return [_text(str(item["after"])), f"The page as it came: {_raw_page_command(item)}"]
        case kind if kind in _ONE_SENTENCE:
            return [_text(str(item["after"]))]
        case EventKind.PROFILE_SUSPECT:
            return [_text(str(item["after"])), f"To look at it: {_command('quarantine show', item)}"]
        case EventKind.PROFILE_CORRECTED:
            return [f"Not so after all: {_told(item)}"]
        case EventKind.PAPER_NEW | EventKind.PAPER_LATE:
            return [_text(item["title"]), _authors(item), _publication(item)]
        case EventKind.METRIC_CHANGED | EventKind.METRIC_MILESTONE | EventKind.METRIC_RECOUNT:
            return [_change(item)]
        case kind if kind.startswith("paper."):
            return [_text(item["title"]), _authors(item), _change(item), _publication(item)]
        case _:
            return [_change(item)]


def _raw_page_command(item: Item) -> str:
    """What gives the page to whoever mends the parser."""
    return _command("page", item, "--at", item["observed_at"], "--output", "page.html")


def _command(verb: str, item: Item, *options: str) -> str:
    """A command about the profile that the item is about."""
    return shlex.join(["scholarwatch", *verb.split(), inert(item.get("profile_url", item["person"])), *options])


def _told(item: Item) -> str:
    """What had been said: ``new paper “A Title”``, ``changed metric: Citations 100 → 110 (+10, +10.0 %)``."""
    kind = EventKind(item["told"])
    name = _KINDS[kind][0]
    if kind.startswith("paper."):
        name = f"{name} “{_text(item['title'])}”"
    is_a_whole = kind in (EventKind.PROFILE_BASELINE, EventKind.PROFILE_SUSPECT, *_ONE_SENTENCE)
    change = "" if is_a_whole else _change(item)
    return f"{name}: {change}" if change else name


def _baseline(papers: object) -> str:
    if not is_number(papers):
        return "What comes from now on is told"
    known = "1 paper is" if papers == 1 else f"{number(papers)} papers are"
    return f"{known} known; what comes from now on is told"


def _authors(item: Item) -> str:
    authors = [_text(author) for author in item.get("authors", ())]
    if not authors:
        return ""
    shown = authors[:_MOST_AUTHORS]
    if not item.get("authors_complete", True):
        return f"{', '.join(shown)} and others"
    if hidden := len(authors) - len(shown):
        return f"{', '.join(shown)} and {number(hidden)} more"
    return joined(shown)


def _publication(item: Item) -> str:
    parts = []
    if published := item.get("published"):
        parts.append(f"published {_text(published)}{' (year inferred)' if item.get('year_inferred') else ''}")
    if category := item.get("category"):
        parts.append(f"category {_text(category)}")
    if is_number(score := item.get("score")):
        parts.append(f"score {number(score)}")
    if item.get("has_code"):
        parts.append("with code")
    return _capitalised(", ".join(parts))


def _change(item: Item) -> str:
    if _is_second_showing(item):
        return f"Now at {_text(str(item['after']))} too{_later(item)}"
    return _moved(item)


def _is_second_showing(item: Item) -> bool:
    return is_second_showing(EventKind(item["kind"]), item.get("field"))


def _later(item: Item) -> str:
    first = _text(str(item["before"]))
    if "since" not in item:
        return f", after {first}"
    return f", {elapsed(_time(item['since']), _time(item['observed_at']))} after {first}"


def _moved(item: Item) -> str:
    """``Citations 17,576 → 17,683 (+107, +0.6 %) in 1 day``; empty when there is neither a before nor an after."""
    field, before, after = item.get("field", ""), item["before"], item["after"]
    name = _text(metric_name(field))
    if before is None and after is None:
        return ""
    if before is None:
        return _capitalised(f"{name} {_value(field, after)} (not shown before)".strip())
    if after is None:
        return _capitalised(f"{name} {_value(field, before)} → no longer shown".strip())
    if is_number(before) and is_number(after):
        return _capitalised(f"{name} {metric_change(field, before, after)}{_duration(item)}".strip())
    return _capitalised(f"{name} {_value(field, before)} → {_value(field, after)}{_duration(item)}".strip())


def _value(field: str, value: object) -> str:
    if is_number(value):
        return metric_value(field, value)
    match value:
        case bool():
            return "yes" if value else "no"
        case list():
            return _text(", ".join(str(part) for part in value))
        case _:
            return _text(str(value))


def _duration(item: Item) -> str:
    if "since" not in item:
        return ""
    return f" in {elapsed(_time(item['since']), _time(item['observed_at']))}"


def _times(item: Item) -> str:
    if item["kind"] == EventKind.PROFILE_CORRECTED:
        return f"Told on {moment(_time(item['told_at']))}, taken back on {moment(_time(item['observed_at']))}"
    at = f" at {_text(item['source'])}" if "source" in item else ""
    seen = "First seen" if item["kind"] in (EventKind.PAPER_NEW, EventKind.PAPER_LATE) else "Observed"
    line = f"{seen}{at} on {moment(_time(item['observed_at']))}"
    if "since" in item and item["before"] is not None and not _is_second_showing(item):
        line += f", the earlier value since {moment(_time(item['since']))}"
    return line


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _link(item: Item) -> str:
    """The paper's own page, else arXiv, else its DOI, else the profile; empty when none is a web address."""
    if page := web_address(item.get("url", "")):
        return page
    if "arxiv_id" in item:
        return web_address(f"https://arxiv.org/abs/{item['arxiv_id']}")
    if "doi" in item:
        return web_address(f"https://doi.org/{item['doi']}")
    return web_address(item.get("profile_url", ""))


def _text(text: str) -> str:
    return shortened(inert(text), _LONGEST_TEXT)


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
