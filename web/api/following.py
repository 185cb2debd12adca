"""Somebody new is followed: their pages go into the configuration."""

from typing import Annotated, Any

from fastapi import HTTPException
from pydantic import Field, StringConstraints
from starlette.responses import Response

from flows.as_json.views import followed_json
from flows.config.error import ConfigError
from flows.settings import NewPerson, add_people, recognise_people
from scrapers.registry import SOURCES
from web.api.problem import problems
from web.api.route import AtDesk, resource
from web.api.values import Name, Said, Shown
from web.api.writing import ours

router = resource("people")

Url = Annotated[str, StringConstraints(min_length=1, max_length=2_000, pattern=r"^[^\x00-\x20\x7f-\xa0]+$")]


class Follow(Said):
    """With a name all pages are of this one person; without, each is of a person of its own."""

    urls: list[Url] = Field(min_length=1, max_length=100)
    name: Name | None = None
    tags: list[Name] = Field(default=[], max_length=50)
    source: Name | None = Field(None, description="Where the URL does not tell it, such as scholarfeed.")
    dry_run: bool = Field(False, description="Say who would be followed, and write nothing.")

    def people(self) -> list[NewPerson]:
        pages = [tuple(self.urls)] if self.name else [(url,) for url in self.urls]
        return [NewPerson(urls=urls, name=self.name, tags=tuple(self.tags), source=self.source) for urls in pages]


class FollowedProfile(Shown):
    source: str
    key: str
    url: str


class Followed(Shown):
    """Whom the configuration names; ``name`` null: the first look at the page will tell."""

    name: str | None
    tags: list[str]
    profiles: list[FollowedProfile]


_ANSWERS = problems(403, 409, 415, 422, 503) | {200: {"model": list[Followed], "description": "Nothing was written."}}


@router.post(
    "/people",
    response_model=list[Followed],
    status_code=201,
    responses=_ANSWERS,
    dependencies=ours,
)
def follow(desk: AtDesk, said: Follow, response: Response) -> list[dict[str, Any]]:
    """Follow somebody from the next run on."""
    if said.source is not None and said.source not in SOURCES:
        raise HTTPException(422, f"body.source: there are {', '.join(sorted(SOURCES))}.")
    if said.dry_run:
        response.status_code = 200
    path = desk.configuration.now().config_path
    try:
        people = (recognise_people if said.dry_run else add_people)(path, said.people())
    except ConfigError as error:
        raise _refusal(error) from None
    return [followed_json(person) for person in people]


def _refusal(error: ConfigError) -> HTTPException:
    """An error of the file as it is names a line, which may hold a secret: it is not for everybody who may ask."""
    if error.line is not None:
        return HTTPException(503, "The configuration is not sound; until it is, nobody can be added to it.")
    if not error.path:
        return HTTPException(409, "This can not be written into the configuration.")
    return HTTPException(409, f"{error.message[:1].upper()}{error.message[1:]}.")
