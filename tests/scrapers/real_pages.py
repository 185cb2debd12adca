"""The real pages kept outside the repository, and an independent reader of the one Scholar Feed page among them."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest

from tests.scrapers.made_up import MONTHS, ShownPaper, ShownProfile, shown_paper, shown_profile
from tracking.reading import Published

PAGES = Path(__file__).parents[3] / "shared" / "pages"
PROFILE = PAGES / "scholarfeed" / "rishabh-agarwal.txt"
#: A day on which "May 12" without a year is that of 2026, when the page was saved.
OBSERVED_ON = date(2026, 11, 22)
_ABSENT = pytest.mark.skipif(not PAGES.is_dir(), reason="the real pages are not there")

_Test = TypeVar("_Test", bound=Callable[..., None])
_HEAD = re.compile(r"(\d+\.\d)?([A-Z-]+)([A-Z][a-z]{2}) (\d+)(?:, (\d{4}))?(Code)?")


def needs_real_pages(test: _Test) -> _Test:
    """Marks a test that reads the real pages; it skips where they are not there."""
    return pytest.mark.shared(_ABSENT(test))


def real_profile() -> ShownProfile:
    """The page by its blank lines: name, field and metrics, heading, then head and title, byline, abstract."""
    paragraphs = PROFILE.read_text(encoding="utf-8").strip().split("\n\n")
    name, metrics, _heading, *rest = paragraphs
    numbers = [int(re.sub(r"\D", "", line)) for line in metrics.splitlines()[1:]]
    papers = [_paper(*rest[start : start + 3]) for start in range(0, len(rest), 3)]
    return shown_profile(
        papers,
        name=name,
        metrics={
            "h_index": numbers[0],
            "papers": numbers[1],
            "citations": numbers[2],
            "novelty": numbers[3] / 100,
            "ai_score": numbers[4],
        },
    )


def _paper(head_and_title: str, byline: str, abstract: str) -> ShownPaper:
    head, title = head_and_title.split("\n")
    match = _HEAD.fullmatch(head)
    assert match is not None, head
    score, category, month, day, year, code = match.groups()
    names, _, institutions = byline.partition(" · ")
    return shown_paper(
        title,
        authors=tuple(names.removesuffix(" et al.").split(", ")),
        cut=names.endswith(" et al."),
        institutions=tuple(institutions.split(", ")) if institutions else (),
        category=category,
        published=Published(int(year or 2026), MONTHS.index(month) + 1, int(day)),
        with_year=year is not None,
        code=code is not None,
        score=float(score) if score else None,
        paragraphs=(abstract,),
    )
