"""What is meant by what somebody calls a paper."""

from tracking.asked import AskedPaper


def test_a_title_is_found_by_a_part_of_it() -> None:
    for text, title, part, whole in (
        ("Attention is all you need", "Attention Is All You Need", True, True),
        ("  all   you NEED ", "Attention Is All You Need", True, False),
        ("uber q-learning", "Über <i>Q</i>-Learning", True, True),
        ("graphs", "Attention Is All You Need", False, False),
        ("???", "Why???", True, False),
        ("???", "Why?", False, False),
    ):
        asked = AskedPaper.of(text)
        assert (asked.is_in_title(title), asked.is_title(title)) == (part, whole), (text, title)


def test_names_are_found_whatever_their_case() -> None:
    asked = AskedPaper.of(" openreview:AbC ", ["doi:10.1/x"])
    assert asked.is_called(["fp:1", "OpenReview:abc"])
    assert asked.is_called(["doi:10.1/X"])
    assert not asked.is_called(["doi:10.1/y"])
