"""What the store answers, as JSON: the forms of design section 10."""

from datetime import datetime
from typing import Any

from flows.as_json.times import iso
from flows.health import Health, TroubleKind
from tracking.reading_json import public_paper
from tracking.view import (
    FollowedPerson,
    LinkView,
    MetricSeries,
    PersonState,
    PersonView,
    ProfileState,
    ProfileView,
    QuarantineView,
    RunView,
    Spell,
    StatusView,
)
from tracking.works import Lag, Work, lags, showings_of, works


def person_json(person: PersonView) -> dict[str, Any]:
    return {
        "id": person.person_id,
        "name": person.name,
        "tags": list(person.tags),
        "active": person.active,
        "profiles": [profile_json(profile) for profile in person.profiles],
    }


def profile_json(profile: ProfileView) -> dict[str, Any]:
    return {
        "source": profile.source,
        "key": profile.key,
        "url": profile.url,
        "active": profile.active,
        "checked_at": iso(profile.checked_at),
        "outcome": profile.outcome,
        "detail": profile.detail,
        "observed_at": iso(profile.observed_at),
        "confirmed_at": iso(profile.confirmed_at),
        "rejected": profile.rejected,
    }


def profile_state_json(state: ProfileState) -> dict[str, Any]:
    return profile_json(state.profile) | {
        "observed_at": iso(state.observed_at),
        "name": state.name,
        "field": state.field,
        "complete": state.complete,
        "warnings": list(state.warnings),
        "metrics": {name: metric.value for name, metric in state.metrics.items()},
        "metrics_since": {name: iso(metric.since) for name, metric in state.metrics.items()},
        "papers": [
            public_paper(listed.paper, listed.key)
            | {"first_seen": iso(listed.first_seen), "listed": listed.listed, "removed": listed.removed}
            for listed in state.papers
        ],
    }


def work_json(work: Work) -> dict[str, Any]:
    """A paper once, however many profiles show it; each of them has the whole under ``profiles``."""
    paper = work.best.listed.paper
    return {
        "title": paper.title,
        "published": str(paper.published) if paper.published else None,
        "keys": list(dict.fromkeys(one.listed.key for one in work.shown)),
        "shown": [
            {
                "source": one.source,
                "profile": one.profile,
                "key": one.listed.key,
                "first_seen": iso(one.listed.first_seen),
                "from_start": one.from_start,
                "listed": one.listed.listed,
                "removed": one.listed.removed,
            }
            for one in work.shown
        ],
    }


def lag_json(lag: Lag) -> dict[str, Any]:
    return {"first": lag.first, "later": lag.later, "papers": lag.papers, "median_days": lag.median_days}


def link_json(link: LinkView) -> dict[str, Any]:
    return {
        "key": link.key,
        "other_key": link.other_key,
        "evidence": link.evidence,
        "since": iso(link.since),
        "run": link.run_id,
        "severed_at": iso(link.severed_at),
    }


def quarantine_json(view: QuarantineView) -> dict[str, Any]:
    return {
        "person": view.person,
        "profile": view.profile,
        "checked_at": iso(view.checked_at),
        "held_at": iso(view.held_at),
        "detail": view.detail,
        "accepted": view.accepted,
        "rejected": view.rejected,
    }


def status_json(view: StatusView, health: Health) -> dict[str, Any]:
    return {
        "people": view.people,
        "profiles": view.profiles,
        "papers": view.papers,
        "snapshots": view.snapshots,
        "events": view.events,
        "outcomes": {outcome or "never_checked": count for outcome, count in view.outcomes.items()},
        "held": view.held,
        "undelivered": view.undelivered,
        "dead": view.dead,
        "retrying": view.retrying,
        "switched_off": [
            {"receiver": off.name, "since": iso(off.off_at), "reason": off.off_reason} for off in view.off
        ],
        "last_track": view.last_track.manifest if view.last_track else None,
        "last_deliver": view.last_deliver.manifest if view.last_deliver else None,
        "size_bytes": view.size_bytes,
        "last_good_run": iso(health.last_good_run),
        "late": any(trouble.kind is TroubleKind.LATE for trouble in health.troubles),
        "health": health.to_json(),
    }


def run_json(run: RunView) -> dict[str, Any]:
    return {
        "id": run.run_id,
        "kind": run.kind,
        "now": iso(run.now),
        "started_at": iso(run.started_at),
        "finished_at": iso(run.finished_at),
        "state": run.state,
        "reverted_at": iso(run.reverted_at),
        "manifest": run.manifest,
    }


def spell_json(series: MetricSeries, spell: Spell) -> dict[str, Any]:
    return {
        "person": series.person,
        "profile": series.profile,
        "source": series.source,
        "metric": series.metric,
        "value": spell.value,
        "since": iso(spell.since),
        "until": iso(spell.until),
        "delta": spell.delta,
    }


def person_state_json(state: PersonState, at: datetime | None) -> dict[str, Any]:
    """``at`` is the time that was asked for."""
    return person_json(state.person) | {
        "at": iso(at),
        "profiles": [profile_state_json(profile) for profile in state.profiles],
        "papers": [work_json(work) for work in works(state)],
        "lags": [lag_json(lag) for lag in lags(showings_of(state), state.links)],
    }


def followed_json(person: FollowedPerson) -> dict[str, Any]:
    """As the configuration names a person; ``name`` is null where the first page will tell."""
    return {
        "name": person.name,
        "tags": list(person.tags),
        "profiles": [{"source": one.source, "key": one.key, "url": one.url} for one in person.profiles],
    }
