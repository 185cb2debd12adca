"""When a suspicion is the one that was asked about."""

import pytest

from tracking.suspicion import Doubt, Suspicion


def new(*keys: int) -> Suspicion:
    return Suspicion(Doubt.NEW_PAPERS, tuple(f"arxiv:{key:03}" for key in keys))


@pytest.mark.parametrize(
    ("asked", "now", "is_same"),
    [
        (None, new(1), False),
        (new(1, 2, 3, 4), new(1, 2, 3, 4), True),
        (new(1, 2, 3, 4), new(1, 2, 7), True),
        (new(1, 2, 3, 4), new(1, 7, 8), False),
        (new(1, 2), Suspicion(Doubt.GONE_PAPERS, new(1, 2).about), False),
        (Suspicion(Doubt.NAME, ("bo other",)), Suspicion(Doubt.NAME, ("bo other",)), True),
        (Suspicion(Doubt.NAME, ("bo other",)), Suspicion(Doubt.NAME, ("cy third",)), False),
    ],
    ids=["nothing asked", "the same", "half of it", "a quarter of it", "gone", "one name", "two names"],
)
def test_what_was_asked_about(asked: Suspicion | None, now: Suspicion, is_same: bool) -> None:
    assert now.is_of(asked) is is_same


def test_a_few_papers_stand_for_all_however_the_page_grows() -> None:
    asked = new(*range(40, 80)).to_remember()
    assert asked.about == new(*range(40, 48)).about
    assert new(*range(80)).is_of(asked)
    assert not new(*range(40)).is_of(asked)
