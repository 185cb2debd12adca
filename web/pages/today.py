"""``/``: what is new since the last visit, by person and with the reason; and whether the program is at work."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from alerts.figures import counted, localised
from alerts.kinds import WORDS
from flows.health import TroubleKind, health_of
from storage.store import Store
from tracking.account import Reason
from tracking.alert import HEARD_OF
from tracking.directory import Happening
from tracking.event import EventKind
from web.reader import KEPT
from web.view import Page, View

router = APIRouter()

SEEN = "scholarwatch_seen"
#: Two looks with less between them are one visit.
_ONE_VISIT = timedelta(minutes=30)
#: What somebody is shown who was never here.
_AT_FIRST = timedelta(days=7)
#: So many events are shown; the others are counted.
_SHOWN = 60
_CHOICES = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}
#: What changes in small steps every day is shown where there is room.
_STEADY = frozenset({EventKind.METRIC_CHANGED, EventKind.PAPER_ENRICHED})


@dataclass(frozen=True, slots=True)
class Told:
    """An event, and why somebody heard of it or nobody did."""

    happening: Happening
    reason: str


@dataclass(frozen=True, slots=True)
class Section:
    """What is new about one person."""

    person_id: int
    person: str
    told: tuple[Told, ...]


@router.get("/")
def today(page: Page, since: str = "") -> Response:
    """``since``: a day, a week or a month back, instead of the last visit."""
    if since and since not in _CHOICES:
        raise HTTPException(400, f"since is one of {', '.join(_CHOICES)}.")
    began = page.now - _CHOICES[since] if since else _last_visit(page)
    store = page.desk.store
    counts = store.news_counts(began)
    shown = _shown(store, began, counts)
    reasons = store.reasons([one.event.id for one in shown])
    return page.show(
        "today.html.j2",
        began=began,
        since=since,
        sections=list(_sections(shown, reasons)),
        counts=[counted(counts[kind], words.one, words.several) for kind, words in WORDS.items() if kind in counts],
        hidden=sum(counts.values()) - len(shown),
        health=_health(page),
        is_anybody_followed=bool(page.desk.configuration.now().people),
    )


def _shown(store: Store, since: datetime, counts: Mapping[EventKind, int]) -> list[Happening]:
    """What there is room for; of what changes in small steps every day, what the rest leaves."""
    shown: list[Happening] = []
    for kinds in (counts.keys() - _STEADY, counts.keys() & _STEADY):
        if kinds and len(shown) < _SHOWN:
            shown += store.news(since, kinds=kinds, limit=_SHOWN - len(shown))
    return shown


def _last_visit(page: View) -> datetime:
    """When the visit before this one ended; notes that there is one now."""
    before, _, last = page.request.cookies.get(SEEN, "").partition("/")
    seen, began = _time(last), _time(before)
    if seen is None or not page.now - timedelta(days=365) < seen <= page.now:
        began, seen = page.now - _AT_FIRST, page.now
    elif began is None or page.now - seen > _ONE_VISIT:
        began = seen
    page.keep(SEEN, f"{int(began.timestamp())}/{int(page.now.timestamp())}", KEPT)
    return began


def _time(text: str) -> datetime | None:
    is_time = text.isascii() and text.isdecimal() and len(text) < 12
    return datetime.fromtimestamp(int(text), UTC) if is_time else None


def _sections(shown: Sequence[Happening], reasons: Mapping[str, Sequence[Reason]]) -> Iterator[Section]:
    """By person: those first of whom there is what matters most."""
    ranks = {kind: rank for rank, kind in enumerate(WORDS)}
    ordered = sorted(shown, key=lambda one: ranks[one.event.kind])
    for person_id in dict.fromkeys(one.person_id for one in ordered):
        own = [one for one in ordered if one.person_id == person_id]
        told = tuple(Told(one, _said(reasons[one.event.id])) for one in own)
        yield Section(person_id, own[0].event.person, told)


def _said(reasons: Sequence[Reason]) -> str:
    """Why somebody heard of an event, or will; else why nobody does."""
    heard = [one for one in reasons if one.kind in HEARD_OF and one.why]
    others = [one for one in reasons if one.why]
    if heard:
        return f"{', '.join(one.receiver for one in heard)}: {heard[0].why}"
    return f"nobody was told: {others[0].why}" if others else ""


@dataclass(frozen=True, slots=True)
class Health:
    """How the program stands, in one line."""

    is_fine: bool
    text: str
    #: Where it is looked at, and what a link there says.
    where: tuple[str, str] = ("/runs", "See the runs")


_WHERE = {
    TroubleKind.CONFIGURATION: ("/rules", "See the rules"),
    TroubleKind.UNREAD: ("/people?health=failing", "See whose they are"),
    TroubleKind.NO_TURN: ("/runs/hosts", "See the hosts"),
    TroubleKind.HELD: ("/quarantine", "Answer"),
    TroubleKind.DEAD_MESSAGES: ("/runs/outbox", "See the outbox"),
    TroubleKind.RECEIVER_OFF: ("/runs/outbox", "See the outbox"),
}


def _health(page: View) -> Health:
    """What somebody has to look at, as `status` says it; else what the last good run has read."""
    vitals = page.desk.store.vitals(page.now)
    settings = page.desk.configuration.now()
    found = health_of(vitals, settings.watch.patience, page.now, broken=page.complaint or None)
    if not found.is_well:
        first, *others = found.troubles
        more = f" And {counted(len(others), 'other thing')} to look at." if others else ""
        detail = localised(first.detail, page.reader.zone)
        text = f"{detail[:1].upper()}{detail[1:]}.{more}"
        return Health(False, text, _WHERE.get(first.kind, ("/runs", "See the runs")))
    good = vitals.runs.good
    if good is None:
        return Health(True, "There was no run yet.")
    outcomes = (good.manifest or {}).get("outcomes")
    checks = sum(outcomes.values()) if isinstance(outcomes, dict) else 0
    return Health(True, f"Last run {page.reader.moment(good.now)}: {counted(checks, 'page')}, all read.")
