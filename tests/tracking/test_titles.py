import pytest

from tracking.titles import are_distinct_titles, family_name, is_generic_title, is_same_name, normal_title


@pytest.mark.parametrize(
    ("title", "normal"),
    [
        ("  Deep\n  Learning ", "deep learning"),
        ("Über <i>Q</i>-Learning", "uber q learning"),
        (r"On $\alpha$-stable $L^2$ bounds", "on stable l 2 bounds"),
        ("Sheaves, Part II", "sheaves part 2"),
        ("Sheaves I", "sheaves 1"),
        ("I-frames considered", "i frames considered"),
        ("Type V secretion", "type v secretion"),
        ("Volume V of what", "volume 5 of what"),
        ("第二种方法", "第二种方法"),
        ("???", "???"),
        ("ﬁne-tuning", "fine tuning"),
    ],
)
def test_normal_title(title: str, normal: str) -> None:
    assert normal_title(title) == normal


@pytest.mark.parametrize(
    ("one", "other", "distinct"),
    [
        ("Sheaves, Part I", "Sheaves, Part II", True),
        ("Sheaves, Part 2", "Sheaves, Part II", False),
        ("Gemini 1.5", "Gemini 2.5", True),
        ("A bound", "A bound: Erratum", True),
        ("A first look", "A second look", True),
        ("Learning to see", "Learning to sea", False),
        ("A survey of lakes, variant A", "A survey of lakes, variant B", True),
        ("A survey of lakes", "Survey of lakes", False),
        ("GPT4 in practice", "GPT3 in practice", True),
    ],
)
def test_numerals_and_part_words_separate(one: str, other: str, distinct: bool) -> None:
    assert are_distinct_titles(one, other) is distinct


@pytest.mark.parametrize(
    ("title", "generic"), [("Editorial", True), ("Book reviews.", True), ("Deep editorial", False)]
)
def test_generic_titles(title: str, generic: bool) -> None:
    assert is_generic_title(title) is generic


@pytest.mark.parametrize(
    ("author", "family"),
    [("Rosa Luz Prado", "prado"), ("Prado, Rosa", "prado"), ("János Krämer", "kramer"), ("", "")],
)
def test_family_name(author: str, family: str) -> None:
    assert family_name(author) == family


def test_names_differ_by_more_than_accents_and_points() -> None:
    assert is_same_name("J. Krämer", "J  Kramer")
    assert not is_same_name("J. Krämer", "K. Kramer")
