from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.tracking.builders import knowing, paper, reading
from tests.tracking.strategies import papers, readings
from tracking.check import Snapshot
from tracking.diff import Content, MetricDiffers, PaperDiffers, ProfileDiffers, content, diff, replay
from tracking.identity import identify
from tracking.reading import ProfileReading


def keyed(read: ProfileReading, before: ProfileReading | None = None) -> Content:
    known = knowing(before.source, before.papers) if before else {}
    keys = identify(read.source, read.papers, known).keys
    return content(Snapshot(reading=read, keys=keys, parser="scholarfeed/1"))


@given(readings())
def test_nothing_differs_from_itself(read: ProfileReading) -> None:
    assert diff(keyed(read), keyed(read)) == ()


@given(readings(), st.randoms())
def test_order_is_no_difference(read: ProfileReading, chance: "st.random.Random") -> None:  # type: ignore[name-defined]
    shuffled = list(read.papers)
    chance.shuffle(shuffled)
    assert diff(keyed(read), keyed(replace(read, papers=tuple(shuffled)), read)) == ()


@given(readings(), readings())
def test_differences_lead_from_one_to_the_other(one: ProfileReading, other: ProfileReading) -> None:
    before, after = keyed(one), keyed(other, one)
    assert replay(before, diff(before, after)) == after


@given(readings(min_papers=1), papers(), st.data())
def test_differences_lead_to_a_page_that_differs_a_little(
    one: ProfileReading,
    added: "papers",
    data: st.DataObject,  # type: ignore[valid-type]
) -> None:
    shown = list(one.papers[1:])
    if shown:
        place = data.draw(st.integers(0, len(shown) - 1))
        shown[place] = replace(shown[place], score=99.9, title=shown[place].title + " again")
    other = replace(one, papers=(*shown, added), metrics={"citations": 1})
    before, after = keyed(one), keyed(other, one)
    assert replay(before, diff(before, after)) == after


def test_every_difference_is_named() -> None:
    one = reading([paper("Bees", arxiv_id="1")], metrics={"citations": 5, "novelty": None})
    other = replace(
        reading([paper("Bees", arxiv_id="1", score=98.1)], complete=False, metrics={"h_index": 2}), name="Ada B."
    )
    assert diff(keyed(one), keyed(other)) == (
        ProfileDiffers("name", "Ada Example", "Ada B."),
        ProfileDiffers("complete", True, False),
        MetricDiffers("citations", 5, None),
        MetricDiffers("h_index", None, 2),
        PaperDiffers("arxiv:1", "score", None, 98.1),
    )
