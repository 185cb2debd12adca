"""Papers, as the imitation site knows them.

>>> paper("A New Thing", published=date(2026, 11, 21)).arxiv_id
'2611.90720'
"""

import zlib
from dataclasses import dataclass, field
from datetime import date
from random import Random

from world import prose


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One paper. It is known by its arXiv id, whatever its title becomes."""

    arxiv_id: str
    title: str
    authors: tuple[str, ...]
    published: date
    category: str = "LG"
    institutions: tuple[str, ...] = ()
    has_code: bool = False
    score: float | None = None
    abstract: str = field(default="", repr=False)
    version: int = 1
    #: False: the page shows it without a link, so that nobody learns its arXiv id.
    linked: bool = True

    @property
    def path(self) -> str:
        """Where the site has the paper's own page: the version stands there from the second on."""
        return f"/paper/{self.arxiv_id}" + (f"v{self.version}" if self.version > 1 else "")


def paper(
    title: str,
    *,
    published: date,
    authors: tuple[str, ...] = ("Ada Example", "Ben Example"),
    category: str = "LG",
    institutions: tuple[str, ...] = (),
    has_code: bool = False,
    score: float | None = None,
    abstract: str | None = None,
    arxiv_id: str | None = None,
    version: int = 1,
    linked: bool = True,
) -> Paper:
    """A paper for a story: what the story does not say is invented, the same way every time.

    The arXiv id, where none is given, follows from title and month; the abstract from the title.
    """
    return Paper(
        arxiv_id=arxiv_id or arxiv_like_id(published, 10_000 + zlib.crc32(title.encode()) % 90_000),
        title=title,
        authors=authors,
        published=published,
        category=category,
        institutions=institutions,
        has_code=has_code,
        score=score,
        abstract=prose.abstract(Random(title), category) if abstract is None else abstract,
        version=version,
        linked=linked,
    )


def papers(count: int, *, before: date, author: str = "Ada Example", seed: int = 1) -> list[Paper]:
    """Many papers of one author for a story, all published more than sixty days before the given day."""
    press = Press(seed)
    draw = Random(seed)
    return [
        press.paper((author, "Ben Example"), date.fromordinal(before.toordinal() - draw.randint(61, 3000)))
        for _ in range(count)
    ]


def arxiv_like_id(published: date, number: int) -> str:
    """``2611.04321`` for the 4,321st paper of November 2026."""
    return f"{published:%y%m}.{number:05d}"


class Press:
    """Prints invented papers, none like another: titles and arXiv ids are distinct over all it ever printed."""

    def __init__(self, seed: int, *, abstract_characters: tuple[int, int] = (400, 1500)) -> None:
        self._draw = Random(f"press {seed}")
        self._abstract_characters = abstract_characters
        self._titles: set[str] = set()
        self._printed_of_month: dict[str, int] = {}

    def paper(
        self,
        authors: tuple[str, ...],
        published: date,
        category: str = "LG",
        *,
        title: str | None = None,
        linked: bool = True,
    ) -> Paper:
        """A paper as it is on its first day: no score, no code, no institutions."""
        shortest, longest = self._abstract_characters
        return Paper(
            arxiv_id=self._next_id(published),
            title=self._new_title(category) if title is None else title,
            authors=authors,
            published=published,
            category=category,
            abstract=prose.abstract(self._draw, category, shortest=shortest, longest=longest),
            linked=linked,
        )

    def _new_title(self, category: str) -> str:
        while (candidate := prose.title(self._draw, category)) in self._titles:
            pass
        self._titles.add(candidate)
        return candidate

    def _next_id(self, published: date) -> str:
        month = f"{published:%y%m}"
        # Strides that vary keep the ids of a month apart from one another by more than one digit.
        number = self._printed_of_month.get(month, 100) + self._draw.randint(2, 20)
        self._printed_of_month[month] = number
        return arxiv_like_id(published, number)
