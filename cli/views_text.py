"""What the store answers, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from alerts.figures import metric_name, metric_value
from alerts.happened import what_happened
from cli.output import as_words, counted, minute, say, spaced
from tracking.view import EventView, ListedPaper, PersonState, ProfileState, RunState, RunView, StatusView
from tracking.works import Lag, Work, lags, showings_of, works

_PAPERS_SHOWN = 10
_METRIC_WIDTH = 12
#: Where the state alone does not say it. Of runs that left early only good ones are shown: there was nothing to do.
_ENDINGS = {RunState.UNFINISHED: "not finished", RunState.SKIPPED: "nobody was due"}


def say_person(state: PersonState, at: datetime | None, *, everything: bool) -> None:
    """One person and what each of the profiles says; ``at`` is the time that was asked for."""
    tags = ", ".join(state.person.tags)
    standing = "" if state.person.active else ", not followed any more"
    say(f"{state.person.name}{f' ({tags})' if tags else ''}{standing}")
    together = sum(profile.observed_at is not None for profile in state.profiles) > 1
    for profile in state.profiles:
        _say_profile(profile, at)
        if profile.papers and not together:
            say("")
            _say_papers([_PaperLine.of_listed(listed) for listed in profile.papers], everything=everything)
    if together:
        say("\nPapers, each once:")
        _say_papers([_PaperLine.of_work(work) for work in works(state)], everything=everything)
        for lag in lags(showings_of(state), state.links):
            say(lag_line(lag))


def _say_profile(state: ProfileState, at: datetime | None) -> None:
    profile = state.profile
    say(f"\n{profile.url} ({profile.source} {profile.key})")
    if profile.outcome is not None and at is None:
        say(f"  last check {minute(profile.checked_at)}: {spaced(profile.outcome)} {profile.detail}".rstrip())
    if profile.rejected:
        say(f"  {counted(profile.rejected, 'paper')} rejected, and left out")
    if state.observed_at is None:
        say(f"  {_nothing_read(state, at)}")
        return
    say(f"  {state.name}{f' · {state.field}' if state.field else ''}, as observed {minute(state.observed_at)}")
    lines = metric_lines({name: metric.value for name, metric in state.metrics.items()})
    for line, metric in zip(lines, state.metrics.values(), strict=True):
        say(f"{line}   since {metric.since:%Y-%m-%d}")
    for warning in state.warnings:
        say(f"  ({warning})")


def _nothing_read(state: ProfileState, at: datetime | None) -> str:
    if at is None:
        return "nothing was read yet"
    if state.begins_at is None:
        return f"nothing was read by {minute(at)}, nor since"
    return f"nothing is known of {minute(at)}: the first page is of {minute(state.begins_at)}"


@dataclass(frozen=True, slots=True, order=True)
class _PaperLine:
    """A paper on a line, in the order of publication."""

    published: str
    title: str
    standing: str

    @classmethod
    def of_listed(cls, listed: ListedPaper) -> "_PaperLine":
        return cls(str(listed.paper.published or ""), listed.paper.title, _standing(listed))

    @classmethod
    def of_work(cls, work: Work) -> "_PaperLine":
        paper = work.best.listed.paper
        standing = f"  ({', '.join(work.sources)}){_standing(work.best.listed)}"
        return cls(str(paper.published or ""), paper.title, standing)


def _standing(listed: ListedPaper) -> str:
    if listed.removed:
        return "  (removed)"
    return "" if listed.listed else "  (not on the list now)"


def _say_papers(papers: Iterable[_PaperLine], *, everything: bool) -> None:
    """The papers published last, and how many more there are."""
    ordered = sorted(papers, reverse=True)
    shown = ordered if everything else ordered[:_PAPERS_SHOWN]
    for line in shown:
        say(f"  {line.published or '–':<10}  {line.title}{line.standing}")
    if len(ordered) > len(shown):
        say(f"  and {len(ordered) - len(shown):,} more: --all lists them")


def lag_line(lag: Lag) -> str:
    """``arxiv before dblp: 41 papers, by 3 days in the median``"""
    days = f"{lag.median_days:,g} {'day' if lag.median_days == 1 else 'days'}"
    return f"{lag.first} before {lag.later}: {counted(lag.papers, 'paper')}, by {days} in the median"


def metric_lines(metrics: Mapping[str, int | float | None]) -> list[str]:
    """Metrics with their values to the right; a dash where one is not known."""
    width = max((len(metric_name(name)) for name in metrics), default=0)
    return [
        f"  {metric_name(name):<{max(width, _METRIC_WIDTH)}} {'–' if value is None else metric_value(name, value):>10}"
        for name, value in metrics.items()
    ]


def event_line(event: EventView) -> str:
    """One event on one line: when, what kind, who, and what; and that somebody has seen it."""
    seen = " [acknowledged]" if event.acknowledged_at else ""
    return f"{minute(event.observed_at)}  {event.kind:<16}  {event.person}: {what_happened(event)}{seen}"


def say_status(view: StatusView, last_good: RunView | None = None) -> None:
    """How the whole stands, without the troubles."""
    if not view.profiles:
        say("Nobody is followed. Next: scholarwatch follow URL, then scholarwatch run")
    else:
        people = counted(view.people, "person", "people")
        say(f"Following {people} on {counted(view.profiles, 'profile')}.")
        outcomes = {outcome or "never checked": count for outcome, count in view.outcomes.items()}
        say(f"Last check of each profile: {as_words(outcomes)}.")
    size = f"{view.size_bytes / 1e6:,.1f} MB"
    say(f"Recorded: {counted(view.papers, 'paper')} and {counted(view.events, 'event')}, in {size}.")
    _say_run("Last run", view.last_track)
    if last_good is not None and view.last_track is not None and last_good.run_id != view.last_track.run_id:
        _say_run("Last good run", last_good)
    _say_run("Last delivery", view.last_deliver)
    waiting = counted(view.undelivered, "event") if view.undelivered else "nothing"
    failed = f"; {counted(view.retrying, 'message')} failed so far and will be tried again" if view.retrying else ""
    say(f"Waiting to be delivered: {waiting}{failed}.")


def _say_run(name: str, run: RunView | None) -> None:
    if run is not None:
        say(f"{name}: {minute(run.now)}, {_ENDINGS.get(run.state, run.state.value)}.")
