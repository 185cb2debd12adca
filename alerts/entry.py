"""From an item to its lines."""

import shlex
from collections.abc import Iterator, Mapping
from datetime import tzinfo

from alerts import sentences
from alerts.figures import days, joined, metric_value
from alerts.inert import inert, web_address
from alerts.kinds import WORDS, Item, is_of_a_person, is_of_a_source, is_one_sentence, kind_of, people_of
from alerts.letter import Entry, Line, Role
from alerts.sentences import capitalised, change, field_name, shown
from tracking.event import EventKind
from tracking.memory import Spells


def entry_of(item: Item, zone: tzinfo, spells: Spells = (), *, named: bool = True) -> Entry:
    """The item in lines, its times in the zone; ``spells`` are those of its metric. ``named``: it names the person."""
    details = [
        *_about(item, zone),
        Line(sentences.times(item, zone), Role.FAINT),
        Line(f"Why: {sentences.why(item, zone)}", Role.FAINT),
        *_links(item),
    ]
    return Entry(
        head=head(item) if named or is_of_a_source(item) else capitalised(WORDS[kind_of(item)].one),
        lines=tuple(line for line in details if line.text),
        events=tuple(item.get("events", ())),
        chart=_chart(item, zone, spells),
    )


def head(item: Item) -> str:
    """``New paper by Ada and Bo``, ``Another layout at openalex``, ``Host down``."""
    words = WORDS[kind_of(item)]
    if is_of_a_person(item):
        return f"{words.head} {joined([shown(name) for name in people_of(item)])}"
    if kind_of(item) is EventKind.PROFILE_CORRECTED or (is_of_a_source(item) and "source" not in item):
        return capitalised(words.one)
    return f"{words.head} {shown(item['source'])}" if is_of_a_source(item) else words.head


def one_line(item: Item, zone: tzinfo) -> str:
    """``New paper by Ada Example: A New Thing``."""
    what = headline(item, zone)
    return f"{head(item)}: {what}" if what else head(item)


def headline(item: Item, zone: tzinfo) -> str:
    """What the item is about beyond its head; empty when that says all."""
    match kind_of(item):
        case EventKind.PROFILE_CORRECTED:
            return f"{sentences.told(item)} is taken back"
        case EventKind.PROFILE_BASELINE:
            return ""
        case EventKind.PAPER_ENRICHED | EventKind.PAPER_REVISED:
            return " – ".join(filter(None, [change(item), shown(item["title"])]))
        case kind if _says_all(kind):
            return sentences.said(item, zone)
        case kind if kind.startswith("paper."):
            return shown(item["title"])
        case _:
            return change(item)


def _says_all(kind: EventKind) -> bool:
    return is_one_sentence(kind) or kind in (EventKind.PROFILE_SUSPECT, EventKind.PROFILE_GONE)


def _about(item: Item, zone: tzinfo) -> Iterator[Line]:
    """What there is or what changed."""
    match kind_of(item):
        case EventKind.PROFILE_BASELINE:
            yield Line(sentences.baseline(item["after"]))
        case EventKind.PROFILE_CORRECTED:
            yield Line(f"Not so after all: {sentences.told(item)}", Role.TITLE)
            yield from _paper_facts(item)
        case EventKind.PROFILE_SUSPECT:
            yield Line(sentences.said(item, zone), Role.TITLE)
            yield _command("To look at it", "quarantine show", item)
        case EventKind.SOURCE_DRIFT:
            yield Line(sentences.said(item, zone), Role.TITLE)
            yield _command("The page as it came", "page", item, "--at", item["observed_at"], "--output", "page.html")
        case kind if _says_all(kind):
            yield Line(sentences.said(item, zone), Role.TITLE)
        case kind if kind.startswith("paper."):
            addresses = [address for _, address in _paper_addresses(item)]
            yield Line(shown(item["title"]), Role.TITLE, addresses[0] if addresses else "")
            yield Line(sentences.first_together(item))
            yield Line(change(item))
            yield from _paper_facts(item)
        case _:
            yield Line(change(item), Role.TITLE)


def _paper_facts(item: Item) -> Iterator[Line]:
    yield Line(sentences.authors(item))
    yield Line(sentences.publication(item))


def _command(lead: str, verb: str, item: Item, *options: str) -> Line:
    """What to type to see more of the profile that the item is about."""
    profile = inert(item.get("profile_url", item["person"]))
    return Line(lead, command=shlex.join(["scholarwatch", *verb.split(), profile, *options]))


def _links(item: Item) -> Iterator[Line]:
    """To the paper wherever it is known to be, and to the profile or profiles."""
    for name, address in _paper_addresses(item):
        yield Line(name, Role.LINK, address)
    if not is_of_a_person(item) and kind_of(item) is not EventKind.SOURCE_DRIFT:
        return
    profiles = item.get("profiles") or [{"url": item.get("profile_url", "")}]
    for profile in profiles:
        if address := web_address(profile["url"]):
            yield Line(_profile_name(profile) if len(profiles) > 1 else "Profile", Role.LINK, address)


def _profile_name(profile: Mapping[str, str]) -> str:
    return f"Profile of {shown(profile['person'])} at {shown(profile['source'])}"


def _paper_addresses(item: Item) -> list[tuple[str, str]]:
    """The paper's own page, arXiv, its DOI: those that are web addresses, the one to open first."""
    page = web_address(item.get("url", ""))
    found = [("Paper", page)]
    if "arxiv_id" in item and "arxiv.org/" not in page:
        found.append(("arXiv", web_address(f"https://arxiv.org/abs/{item['arxiv_id']}")))
    if "doi" in item and "doi.org/" not in page:
        found.append(("DOI", web_address(f"https://doi.org/{item['doi']}")))
    return [(name, address) for name, address in found if address]


def _chart(item: Item, zone: tzinfo, spells: Spells) -> str:
    """``Citations: 16,000 to 17,683, 2026-03-01 to 2026-05-13``; empty where fewer than two values were shown."""
    values = [(since, value) for since, value in spells if value is not None]
    if len(values) < 2:
        return ""
    field = item.get("field", "")
    (begin, first), (end, last) = values[0], values[-1]
    return f"{field_name(field)}: {metric_value(field, first)} to {metric_value(field, last)}, {days(begin, end, zone)}"
