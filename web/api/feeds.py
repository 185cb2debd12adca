"""Feeds of what was found worth telling: of everything, a person, a tag, a rule; as Atom and as JSON Feed."""

import json
from enum import StrEnum
from typing import Annotated, Any

from fastapi import HTTPException, Path
from starlette.requests import Request
from starlette.responses import Response

from alerts.feeds.atom import atom
from alerts.inert import escaped_json, inert
from flows.feeds import feed_of
from tracking.told import WantedTold
from web.api.problem import problems
from web.api.route import AtDesk, resource
from web.api.values import Id
from web.desk import Desk

router = resource("feeds")


class Form(StrEnum):
    ATOM = "atom"
    JSON = "json"


_MEDIA_TYPES = {Form.ATOM: "application/atom+xml", Form.JSON: "application/feed+json"}
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The feed, the newest first.",
        "content": {media_type: {"schema": {}} for media_type in _MEDIA_TYPES.values()},
    }
}
Word = Annotated[str, Path(max_length=500, pattern=r"^[^\x00]+$")]


@router.get("/feeds/all.{form}", response_class=Response, responses=_ANSWERS | problems(422))
def everything(request: Request, desk: AtDesk, form: Form) -> Response:
    return _feed(request, desk, form, "all", "Scholarwatch", WantedTold())


@router.get("/feeds/people/{person_id}.{form}", response_class=Response, responses=_ANSWERS | problems(404, 422))
def of_person(request: Request, desk: AtDesk, person_id: Id, form: Form) -> Response:
    person = desk.store.person_of_id(person_id).person
    return _feed(
        request,
        desk,
        form,
        f"people/{person_id}",
        f"Scholarwatch: {inert(person.name)}",
        WantedTold(person_id=person_id),
    )


@router.get("/feeds/tags/{tag:path}.{form}", response_class=Response, responses=_ANSWERS | problems(404, 422))
def of_tag(request: Request, desk: AtDesk, tag: Word, form: Form) -> Response:
    if tag not in {count.tag for count in desk.store.tag_counts()}:
        raise HTTPException(404, f"Nobody has the tag “{tag}”.")
    return _feed(request, desk, form, f"tags/{tag}", f"Scholarwatch: {inert(tag)}", WantedTold(tag=tag))


@router.get("/feeds/rules/{rule:path}.{form}", response_class=Response, responses=_ANSWERS | problems(404, 422))
def of_rule(request: Request, desk: AtDesk, rule: Word, form: Form) -> Response:
    if rule not in desk.configuration.now().layers.names:
        raise HTTPException(404, f"No rule is called “{rule}”.")
    return _feed(request, desk, form, f"rules/{rule}", f"Scholarwatch: rule “{inert(rule)}”", WantedTold(rule=rule))


def _feed(request: Request, desk: Desk, form: Form, name: str, title: str, wanted: WantedTold) -> Response:
    feed = feed_of(desk.store, desk.configuration.now(), wanted, name, title)
    url = str(request.url)
    if form is Form.ATOM:
        return Response(atom(feed, url), media_type=f"{_MEDIA_TYPES[form]}; charset=utf-8")
    text = escaped_json(json.dumps(feed.to_json(url), ensure_ascii=False))
    return Response(text, media_type=_MEDIA_TYPES[form])
