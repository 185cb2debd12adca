"""What the store answers, in words."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from cli.output import as_words, minute, say
from flows.manifest import is_failure
from tracking.check import Outcome
from tracking.view import EventView, ListedPaper, ProfileState, StatusView

_PAPERS_SHOWN = 10


def say_profile(state: ProfileState, *, everything: bool) -> None:
    profile = state.profile
    say(f"\n{profile.url}  [{profile.source} {profile.key}]")
    if state.observed_at is None:
        say(
            f"  nothing read yet; last check {minute(profile.checked_at)}: {profile.outcome or 'none'} {profile.detail}"
        )
        return
    say(f"  {state.name}{f' · {state.field}' if state.field else ''}, as observed {minute(state.observed_at)}")
    for name, metric in state.metrics.items():
        value = f"{metric.value:.0%}" if name == "novelty" else f"{metric.value:,}"
        say(f"  {name.replace('_', ' '):<12} {value:>10}   since {metric.since:%Y-%m-%d}")
    for warning in state.warnings:
        say(f"  ({warning})")
    papers = sorted(state.papers, key=_newest_first, reverse=True)
    shown = papers if everything else papers[:_PAPERS_SHOWN]
    say("")
    for listed in shown:
        say(f"  {listed.paper.published or '–'!s:<10}  {listed.paper.title}{_standing(listed)}")
    if len(papers) > len(shown):
        say(f"  and {len(papers) - len(shown)} more: --all lists them")


def _newest_first(listed: ListedPaper) -> tuple[str, str]:
    return str(listed.paper.published or ""), listed.paper.title


def _standing(listed: ListedPaper) -> str:
    if listed.removed:
        return "  (removed)"
    return "" if listed.listed else "  (not on the list now)"


def event_line(event: EventView) -> str:
    what = event.paper_title or (event.field or "").replace("_", " ")
    change = "" if event.before is None and event.after is None else f": {_short(event.before)} → {_short(event.after)}"
    field = f" [{event.field}]" if event.paper_title and event.field else ""
    return f"{minute(event.observed_at)}  {event.kind:<17} {event.person}: {what}{field}{change}"


def _short(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    text = "–" if value is None else str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def troubles(view: StatusView, now: datetime) -> Iterator[str]:
    if view.last_track is None:
        if view.profiles:
            yield "no run yet: scholarwatch run"
    elif view.last_track.finished_at is None:
        yield f"the run of {minute(view.last_track.now)} did not finish: the next one takes up its work"
    elif now - view.last_track.now > timedelta(hours=36):
        yield f"the last run was at {minute(view.last_track.now)}, more than 36 hours ago"
    failing = sum(count for outcome, count in view.outcomes.items() if outcome is not None and is_failure(outcome))
    if failing:
        yield f"{failing:,} of {view.profiles:,} profiles could not be read at their last check"
    held = view.outcomes.get(Outcome.QUARANTINED, 0)
    if held:
        yield f"{held:,} profiles changed so much that somebody must look: scholarwatch quarantine list"
    if view.dead:
        yield f"{view.dead:,} messages could not be delivered and were given up"


def say_status(view: StatusView) -> None:
    say(f"{view.people:,} people with {view.profiles:,} profiles; {view.papers:,} papers, {view.events:,} events")
    say(f"Last check of each profile: {as_words({o or 'never checked': n for o, n in view.outcomes.items()})}")
    for name, last in (("track", view.last_track), ("deliver", view.last_deliver)):
        if last is not None:
            state = (last.manifest or {}).get("state", "not finished")
            say(f"Last {name}: {minute(last.now)} – {state}")
    say(f"Waiting to be delivered: {view.undelivered:,}. Database: {view.size_bytes / 1e6:,.1f} MB.")
