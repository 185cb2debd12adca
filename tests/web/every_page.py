"""An address for every page that there is, of an eventful story: what has to hold for all is asked of each."""

from collections.abc import Iterator

from fastapi import FastAPI
from fastapi.routing import APIRoute

from flows.rehearsal_stage import Wanted
from storage.store import Store
from tests.scenarios.story import Story
from web.desk import Desk
from web.pages import PAGES

#: By the path of its route, how each page is asked for, first as it is mostly seen. In braces stands what differs from
#: story to story.
ADDRESSES: dict[str, tuple[str, ...]] = {
    "/": ("/?since=month", "/"),
    "/people": ("/people", "/people?q=nobody"),
    "/groups": ("/groups",),
    "/groups/{tag:path}": ("/groups/robots",),
    "/people/{person_id}": ("/people/1", "/people/1?at=2026-11-24", "/people/2"),
    "/people/{person_id}/papers": ("/people/1/papers", "/people/1/papers?q=nothing"),
    "/people/{person_id}/events": ("/people/1/events",),
    "/people/{person_id}/compare": ("/people/1/compare",),
    "/people/{person_id}/sources": ("/people/1/sources",),
    "/people/{person_id}/pages": ("/people/1/pages",),
    "/people/{person_id}/pages/{snapshot_id}": ("/people/1/pages/{snapshot}",),
    "/events/{event_id}": ("/events/{event}",),
    "/quarantine": ("/quarantine",),
    "/quarantine/{profile_id}": ("/quarantine/{held}",),
    "/rules": ("/rules",),
    "/rules/preview/{name}": ("/rules/preview/{preview}",),
    "/rules/explain": ("/rules/explain", "/rules/explain?person=1001", "/rules/explain?person=nobody"),
    "/rules/silences": ("/rules/silences",),
    "/runs": ("/runs",),
    "/runs/{run_id}": ("/runs/{degraded}", "/runs/{undelivered}"),
    "/runs/hosts": ("/runs/hosts", "/runs/hosts?day=2020-01-01"),
    "/runs/outbox": ("/runs/outbox",),
    "/follow": ("/follow", "/follow?url=https://www.scholarfeed.org/author/5", "/follow?url=nowhere"),
    "/preferences": ("/preferences",),
    "/login": ("/login",),
}
#: What a page asks for by itself: no pages of their own.
PARTS = {
    "/people/{person_id}/series.json": "/people/1/series.json?metric=citations",
    "/people/{person_id}/pages/{snapshot_id}/raw": "/people/1/pages/{snapshot}/raw",
    "/quarantine/{profile_id}/raw": "/quarantine/{held}/raw",
}
FIRST = tuple(addresses[0] for addresses in ADDRESSES.values())
ALL = tuple(address for addresses in ADDRESSES.values() for address in addresses)
NOWHERE = "/nothing/is/here"


def routes() -> Iterator[APIRoute]:
    """Everything that the pages answer to."""
    for router in PAGES:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            yield route


def of_story(app: FastAPI, story: Story) -> dict[str, str]:
    """What stands in the braces."""
    with Store.open_existing(story.settings.database) as store:
        held = [view for view in store.quarantine() if view.held_at is not None]
        degraded = [run.run_id for run in store.runs() if run.state == "degraded"]
        tracked = [run_id for run_id in degraded if store.find_run(run_id).kind == "track"]
        return {
            "snapshot": str(store.kept_snapshots(1, before=None, limit=1)[0].snapshot_id),
            "event": next(one.id for one in store.events() if one.kind == "metric.milestone"),
            "held": str(held[0].profile_id),
            "degraded": tracked[0],
            "undelivered": next(run_id for run_id in degraded if run_id not in tracked),
            "preview": previewed(app.state.desk, story),
        }


def previewed(desk: Desk, story: Story) -> str:
    """The name of a preview of the rules as they are."""
    one = desk.rehearsals.begin(desk.store, story.settings, Wanted(until=story.now))
    assert one.wait(600)
    assert not one.wrong
    return one.name
