import json
import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.laws import tried
from tests.world.reader import main_text, without_space
from world.markup import Skin, Style, byline, head_line, render_page, text_copy
from world.papers import Paper, paper, papers
from world.profile import Profile

TODAY = date(2026, 11, 22)
ADA = Profile(
    key="1",
    name="Ada Example",
    metrics={"h_index": 12, "papers": 1204, "citations": 17576, "novelty": 0.55, "ai_score": None},
    papers=tuple(papers(5, before=TODAY)),
)

#: Letters that hurt: markup, quotes, other scripts, and what ends a script element.
NASTY = st.text(st.sampled_from("ab Z9.,<>&\"'/;–“”éЖ語ß"), min_size=1, max_size=30).filter(str.strip)
PAPERS = st.builds(
    paper,
    NASTY | st.sampled_from(["</script><b>x", "LGMay 12", "<!-- x -->", "&lt;p&gt;"]),
    published=st.dates(date(2007, 4, 1), TODAY),
    authors=st.lists(NASTY, min_size=1, max_size=6).map(tuple),
    institutions=st.lists(NASTY, max_size=2).map(tuple),
    has_code=st.booleans(),
    score=st.none() | st.floats(0, 100).map(lambda score: round(score, 1)),
    abstract=NASTY,
    linked=st.booleans(),
)


def _page(profile: Profile, skin: Skin) -> str:
    return render_page(profile, TODAY, Style(skin=skin))


@pytest.mark.parametrize("skin", Skin)
@tried(40)
@given(listed=st.lists(PAPERS, max_size=4).map(tuple), name=NASTY)
def test_every_skin_shows_the_text_of_the_copy(skin: Skin, listed: tuple[Paper, ...], name: str) -> None:
    profile = replace(ADA, papers=listed, name=name)
    heading = f"{len(listed)}Papers"
    copied_top, _, copied_cards = without_space(text_copy(profile, TODAY)).partition(heading)
    shown_top, _, shown_cards = main_text(_page(profile, skin)).partition(heading)
    assert shown_cards == copied_cards
    assert sorted(shown_top) == sorted(copied_top)


@pytest.mark.parametrize("skin", Skin)
def test_titles_lead_to_their_papers_unless_they_have_no_link(skin: Skin) -> None:
    linked, unlinked = paper("A & B", published=TODAY, version=2), paper("C", published=TODAY, linked=False)
    page = _page(replace(ADA, papers=(linked, unlinked)), skin)
    links = re.findall(r'<a[^>]* href="(/paper/[^"]+)">([^<]*)</a>', page)
    assert [(path, unescape(title)) for path, title in links] == [(f"/paper/{linked.arxiv_id}v2", "A & B")]
    assert unlinked.arxiv_id not in page


@pytest.mark.parametrize("skin", [Skin.ARTICLES, Skin.LIST])
def test_the_island_survives_a_closing_tag_in_a_title(skin: Skin) -> None:
    trap = paper("</script><script>alert(1)", published=TODAY)
    page = _page(replace(ADA, papers=(trap,)), skin)
    match = re.search(r'<script id="__NEXT_DATA__"[^>]*>(.*?)</script>', page)
    assert match is not None
    assert json.loads(match[1])["props"]["pageProps"]["papers"] == [
        {"arxiv_id": trap.arxiv_id, "title": trap.title, "published_date": "2026-11-22"}
    ]


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        (paper("X", published=date(2026, 11, 2)), "LGNov 2"),
        (paper("X", published=date(2022, 6, 3)), "LGJun 3, 2022"),
        (paper("X", published=date(2026, 11, 2), score=98.1), "98.1LGNov 2"),
        (paper("X", published=date(2026, 11, 2), score=7.0, has_code=True), "7.0LGNov 2Code"),
        (paper("X", published=date(2023, 11, 21), category="MES-HALL"), "MES-HALLNov 21, 2023"),
    ],
    ids=["this year", "another year", "score", "code", "another category"],
)
def test_head_lines(listed: Paper, expected: str) -> None:
    assert "".join(head_line(listed, TODAY)) == expected


@pytest.mark.parametrize(
    ("authors", "institutions", "expected"),
    [
        (("A B",), (), "A B"),
        (("A B", "C D", "E F"), (), "A B, C D, E F"),
        (("A B", "C D", "E F", "G H"), (), "A B, C D, E F et al."),
        (("A B",), ("deep-lab", "mit"), "A B · deep-lab, mit"),
        (("A B", "C D", "E F", "G H"), ("deep-lab",), "A B, C D, E F et al. · deep-lab"),
    ],
    ids=["one", "three", "four", "institutions", "both"],
)
def test_bylines(authors: tuple[str, ...], institutions: tuple[str, ...], expected: str) -> None:
    assert byline(paper("X", published=TODAY, authors=authors, institutions=institutions), 3) == expected


def test_the_copy_reads_like_a_saved_page() -> None:
    listed = paper("A Title", published=date(2022, 6, 3), has_code=True, abstract="We do.")
    assert text_copy(replace(ADA, papers=(listed,)), TODAY) == (
        "Ada Example\n\nLG\nh-index12\n1,204papers\n17,576citations\nNovelty55%\nAI Score–\n\n1 Papers\n\n"
        "LGJun 3, 2022Code\nA Title\n\nAda Example, Ben Example\n\nWe do.\n"
    )


def test_a_metric_that_is_absent_is_not_named() -> None:
    page = _page(replace(ADA, metrics={"h_index": 12}), Skin.TABLE)
    assert "h-index" in page
    assert not re.search("citations|Novelty|AI Score", page)


@pytest.mark.parametrize("size", [0, 20_000, 143_000])
def test_pages_are_filled_up_without_a_change_of_their_text(size: int) -> None:
    padded = render_page(ADA, TODAY, Style(pad_to_bytes=size))
    plain = render_page(ADA, TODAY, Style())
    assert main_text(padded) == main_text(plain)
    assert max(size, len(plain.encode())) <= len(padded.encode()) <= max(size + 200, len(plain.encode()))
