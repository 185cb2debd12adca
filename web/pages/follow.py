"""``/follow``: somebody pastes addresses, sees whom and what would be followed, and says yes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from fastapi import APIRouter
from starlette.responses import Response

from flows.config.error import ConfigError, key_text
from flows.settings import NewPerson, add_people, recognise_people
from scrapers.registry import SOURCES
from tracking.view import FollowedPerson
from web.view import OurForm, Page, View

router = APIRouter()

_MOST = 20
#: The file is read, changed and written: of two at once, one would be lost.
_WRITING = Lock()


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed."""

    urls: tuple[str, ...] = ()
    name: str = ""
    tags: tuple[str, ...] = ()
    source: str = ""

    @classmethod
    def of(cls, url: str, name: str, tags: str, source: str) -> "Asked":
        return cls(
            urls=tuple(dict.fromkeys(url.split()))[:_MOST],
            name=" ".join(name.split()),
            tags=tuple(dict.fromkeys(tag.strip() for tag in tags.split(",") if tag.strip())),
            source=source if source in SOURCES else "",
        )

    def people(self) -> list[NewPerson]:
        """With a name all pages are of one person; without, each of a person of its own."""
        pages: Sequence[tuple[str, ...]] = [self.urls] if self.name else [(url,) for url in self.urls]
        return [
            NewPerson(urls=urls, name=self.name or None, tags=self.tags, source=self.source or None) for urls in pages
        ]


@router.get("/follow")
def follow(page: Page, url: str = "", name: str = "", tags: str = "", source: str = "") -> Response:
    asked = Asked.of(url, name, tags, source)
    if not asked.urls:
        return _shown(page, asked, (), "")
    try:
        return _shown(page, asked, recognise_people(_config(page), asked.people()), "")
    except ConfigError as error:
        return _shown(page, asked, (), _plainly(error))


@router.post("/follow")
def begin(page: Page, form: OurForm) -> Response:
    asked = Asked.of(*(str(form.get(field, "")) for field in ("url", "name", "tags", "source")))
    try:
        with _WRITING:
            added = add_people(_config(page), asked.people()) if asked.urls else ()
    except ConfigError as error:
        return _shown(page, asked, (), _plainly(error), status=400)
    return page.show("followed.html.j2", added=added) if added else page.go("/follow")


def _config(page: View) -> Path:
    return page.desk.configuration.now().config_path


def _plainly(error: ConfigError) -> str:
    """What is wrong; of a key that is not of the person, with its name."""
    place = key_text(error.path)
    said = error.message if not place or place.startswith("people") else f"{place} {error.message}"
    return f"{said[:1].upper()}{said[1:]}."


def _shown(page: View, asked: Asked, recognised: Sequence[FollowedPerson], wrong: str, status: int = 200) -> Response:
    return page.show(
        "follow.html.j2",
        status=status,
        asked=asked,
        recognised=recognised,
        wrong=wrong,
        sources=sorted(SOURCES),
        known={name: source.title for name, source in SOURCES.items()},
    )
