from datetime import date, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from world.shelf import Shelf

DAY = date(2026, 11, 22)


def _shelf(papers: int, cap: int = 5) -> Shelf:
    return Shelf([f"p{number}" for number in range(papers)], cap=cap)


def test_a_full_page_drops_a_paper_for_every_one_that_comes() -> None:
    shelf = _shelf(5)
    before = set(shelf.listed)
    shelf.put("new", DAY, Random(1))
    assert "new" in shelf.listed
    assert len(shelf.listed) == 5
    assert len(before - set(shelf.listed)) == 1
    assert len(shelf) == 6
    assert shelf.arrived == {"new": DAY}


def test_a_page_that_lists_all_has_nothing_to_push_on() -> None:
    shelf = _shelf(5)
    before = shelf.listed
    shelf.push_on(DAY, Random(1))
    assert shelf.listed == before


def test_a_withdrawn_paper_makes_room_for_the_next() -> None:
    shelf = _shelf(6)
    shelf.withdraw("p0", DAY)
    assert shelf.listed == ["p1", "p2", "p3", "p4", "p5"]
    assert shelf.arrived == {"p5": DAY}


def test_a_mislaid_paper_is_missing_until_it_is_found() -> None:
    shelf = _shelf(5)
    shelf.mislay("p2")
    assert shelf.listed == ["p0", "p1", "p3", "p4"]
    shelf.mislay(None)
    assert shelf.listed == ["p0", "p1", "p2", "p3", "p4"]


def test_papers_that_are_owed_come_back() -> None:
    shelf = _shelf(8)
    shelf.mislay("p1")
    shelf.keep_on_page({"p1", "p4", "p7"})
    assert {"p1", "p4", "p7"} <= set(shelf.listed)
    assert len(shelf.listed) == 5


DEEDS = st.lists(st.sampled_from(["put", "push_on", "shuffle_a_little", "mislay", "withdraw", "keep"]), max_size=30)


@given(deeds=DEEDS, papers=st.integers(2, 9), seed=st.integers())
def test_whatever_happens_no_paper_is_lost_or_doubled(deeds: list[str], papers: int, seed: int) -> None:
    draw, shelf = Random(seed), _shelf(papers)
    everything = set(shelf.listed) if papers <= 5 else {f"p{number}" for number in range(papers)}
    for number, deed in enumerate(deeds):
        day = DAY + timedelta(days=number)
        match deed:
            case "put":
                shelf.put(f"n{number}", day, draw)
                everything.add(f"n{number}")
                assert f"n{number}" in shelf.listed
            case "push_on":
                shelf.push_on(day, draw)
            case "shuffle_a_little":
                shelf.shuffle_a_little(draw)
            case "mislay":
                shelf.mislay(draw.choice(shelf.listed))
            case "withdraw" if len(everything) > 2:
                gone = draw.choice(sorted(everything))
                shelf.withdraw(gone, day)
                everything.remove(gone)
            case "keep":
                owed = set(list(shelf.arrived)[:3])
                shelf.keep_on_page(owed)
                assert owed <= set(shelf.listed)
        assert len(shelf) == len(everything)
        assert all(paper in shelf for paper in everything)
        assert len(set(shelf.listed)) == len(shelf.listed) >= min(5, len(everything)) - 1
        assert set(shelf.arrived) <= everything
