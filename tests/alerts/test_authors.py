"""Who may be meant by a name."""

import pytest

from alerts.authors import may_be_one, named_authors


@pytest.mark.parametrize(
    ("one", "other", "may_be"),
    [
        ("Bo Lindqvist", "Bo Lindqvist", True),
        ("bo  LINDQVIST", "Bo Lindqvist", True),
        ("Lindqvist, Bo", "Bo Lindqvist", True),
        ("B. Lindqvist", "Bo Lindqvist", True),
        ("Lindqvist B", "Bo Lindqvist", True),
        ("Lindqvist", "Bo Lindqvist", True),
        ("Bea Lindqvist", "Bo Lindqvist", False),
        ("A. Lindqvist", "Bo Lindqvist", False),
        ("Lindqvist, Bea", "Lindqvist, Bo", False),
        ("Bo M. Lindqvist", "Bo Lindqvist", True),
        ("Bo Lindquist", "Bo Lindqvist", False),
        ("Ägir Øst", "Agir Ost", True),
        ("Aäron van den Oord", "van den Oord, A.", True),
        ("Abbott A", "Alice Abbott", True),
        ("Abbott A", "Bob Abbott", False),
        ("王小明", "王小明", True),
        ("王小明", "王大明", False),
        ("", "Bo Lindqvist", False),
    ],
)
def test_may_be_one(one: str, other: str, may_be: bool) -> None:
    assert may_be_one(one, other) is may_be
    assert may_be_one(other, one) is may_be


def test_authors_are_named_as_the_list_has_them() -> None:
    authors = ["Ada Moreno", "Bo Lindqvist", "B. Lindqvist"]
    assert named_authors(["lindqvist, b"], authors) == ["Bo Lindqvist", "B. Lindqvist"]
    assert named_authors(["C. Okafor", "Moreno"], authors) == ["Ada Moreno"]
    assert named_authors(["C. Okafor"], authors) == []
