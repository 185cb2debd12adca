"""Things described in the words of schema.org, as JSON-LD writes them; microdata and RDFa are brought into that form.

    {"@type": "Person", "name": …}, {"@graph": [{"@type": "ScholarlyArticle", "headline": …, "author": [{"@id": …}]}]}

Contexts are not resolved: ``schema:name`` and ``https://schema.org/name`` are ``name``.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from scrapers.readable import readable
from scrapers.sources.generic.found import Found, authors_in, date_in, refuse_too_many

Item = Mapping[str, Any]

_PAPERS = frozenset({"ScholarlyArticle", "MedicalScholarlyArticle", "Thesis", "Chapter"})
#: What leads from one thing to works of others.
_ELSEWHERE = frozenset({"citation", "isBasedOn", "mentions", "comment", "review", "isPartOf", "knows", "colleague"})
#: Of one paper.
_MOST_LINKS = 50


class Things:
    """What all the items of a page say."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._items = [_plain(item) for item in items]
        self._by_id = {str(item["@id"]): item for item in _inside(self._items) if "@id" in item and len(item) > 1}

    def papers(self) -> list[Found]:
        """Every paper that has a title, once, in the order of the page."""
        items = [item for item in self._own() if _types(item) & _PAPERS]
        refuse_too_many(len(items))
        found = (self._paper(item) for item in items)
        return list(dict.fromkeys(paper for paper in found if paper is not None))

    def name(self) -> str | None:
        """Whose page it is: the person that the page says it is about, else the only one who is no mere author."""
        own = list(self._own())
        subjects = [
            subject
            for item in own
            if "ProfilePage" in _types(item)
            for subject in self._resolved(item.get("mainEntity", item.get("about")))
        ]
        people = [item for item in subjects or own if "Person" in _types(item)]
        names = {name for item in people if (name := self._name(item)) is not None}
        return names.pop() if len(names) == 1 else None

    def _own(self) -> Iterator[Item]:
        """All items but those that stand within a paper, or lead elsewhere."""
        return _inside(self._items, beyond=lambda item: not _types(item) & _PAPERS)

    def _paper(self, item: Item) -> Found | None:
        title = _text(item.get("headline")) or _text(item.get("name"))
        if title is None:
            return None
        authors, is_whole = self._authors(item.get("author", item.get("creator")))
        links = [*_texts(item.get("url")), *_texts(item.get("mainEntityOfPage")), *_texts(item.get("sameAs"))]
        identifiers = [*_texts(item.get("doi")), *_texts(item.get("identifier")), *_texts(item.get("@id"))]
        published = _text(item.get("datePublished"))
        return Found(
            title=title,
            authors=authors,
            authors_complete=is_whole,
            published=date_in(published) if published else None,
            abstract=_text(item.get("abstract")),
            links=tuple(links[:_MOST_LINKS]),
            identifiers=tuple(identifiers[:_MOST_LINKS]),
        )

    def _authors(self, value: Any) -> tuple[tuple[str, ...], bool]:
        """A single text may hold several names; of several texts or people each is one."""
        match _listed(value):
            case [str(text)]:
                return authors_in(readable(text))
        people = list(self._resolved(value))
        names = [self._name(person) for person in people]
        return tuple(name for name in names if name), bool(names) and None not in names

    def _name(self, item: Item) -> str | None:
        whole = _text(item.get("name"))
        parts = [_text(item.get("givenName")), _text(item.get("familyName"))]
        return whole or " ".join(part for part in parts if part) or None

    def _resolved(self, value: Any) -> Iterator[Item]:
        """The items that a value is or stands for; of a role, who plays it."""
        for one in _listed(value):
            if isinstance(one, str):
                yield {"name": one}
            elif isinstance(one, dict):
                item = self._by_id.get(str(one["@id"]), one) if set(one) == {"@id"} else one
                if "Role" in _types(item) and isinstance(item.get("author"), dict):
                    yield item["author"]
                else:
                    yield item


def _plain(value: Any) -> Any:
    """The value with the bare names of schema.org as its keys, to a depth that no page needs."""
    return _plain_to(value, 40)


def _plain_to(value: Any, depth: int) -> Any:
    if depth == 0:
        return None
    if isinstance(value, dict):
        return {_bare(name): _plain_to(inner, depth - 1) for name, inner in value.items()}
    return [_plain_to(inner, depth - 1) for inner in value] if isinstance(value, list) else value


def _bare(name: str) -> str:
    return name if name.startswith("@") else name[1 + max(name.rfind(sign) for sign in "/#:") :]


def _types(item: Item) -> frozenset[str]:
    return frozenset(_bare(name) for name in _listed(item.get("@type")) if isinstance(name, str))


def _inside(items: Sequence[Any], beyond: Callable[[Item], bool] = lambda _item: True) -> Iterator[Item]:
    """The items and all within them, in their order; what is within one only where ``beyond`` says so."""
    waiting = list(reversed(items))
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += reversed(value)
        elif isinstance(value, dict):
            yield value
            if beyond(value):
                waiting += reversed([inner for name, inner in value.items() if name not in _ELSEWHERE])


def _listed(value: Any) -> list[Any]:
    """The value as a list; ``@list`` and ``@set`` are lists too."""
    if isinstance(value, dict) and ("@list" in value or "@set" in value):
        return _listed(value.get("@list", value.get("@set")))
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _texts(value: Any) -> list[str]:
    """All texts in a value: as they are, of a language, of an identifier with its kind, or as the id of a thing."""
    texts: list[str] = []
    for one in _listed(value):
        inner = one.get("@value", one.get("value", one.get("@id"))) if isinstance(one, dict) else one
        if isinstance(inner, int) and not isinstance(inner, bool) and abs(inner) < 10_000:
            inner = str(inner)
        if isinstance(inner, str) and (text := readable(inner)):
            texts.append(text)
    return texts


def _text(value: Any) -> str | None:
    return next(iter(_texts(value)), None)
