"""What is shown of a page that is held back."""

from dataclasses import replace

from tests.tracking.builders import Profile, paper, reading, twenty
from tracking.held_page import held_changes

BEES, WASPS = paper("Bees at night", arxiv_id="2401.00001"), paper("Wasps by day", arxiv_id="2401.00002")


def test_new_back_gone_and_renamed() -> None:
    ada = Profile()
    ada.sees(reading([BEES, WASPS, *twenty()], metrics={"h_index": 12, "citations": 1204}))
    ada.sees(reading([WASPS, *twenty()], metrics={"h_index": 12, "citations": 1204}))
    assert ada.known is not None
    ants = paper("Ants at dusk", arxiv_id="2401.00003")
    renamed = replace(WASPS, title="Hornets and their evenings")
    page = reading([ants, BEES, renamed, *twenty()[3:]], name="Bo Other", metrics={"h_index": 40}, complete=False)
    changes = held_changes(ada.known, page, 2)
    assert (changes.name_before, changes.name_after) == ("Ada Example", "Bo Other")
    assert changes.metrics == (("citations", 1204, None), ("h_index", 12, 40))
    assert changes.new == {"arxiv:2401.00003": ants}
    assert changes.back == {"arxiv:2401.00001": BEES}
    assert sorted(one.title for one in changes.gone.values()) == sorted(one.title for one in twenty()[:3])
    assert changes.retitled == (("Wasps by day", "Hornets and their evenings"),)
    assert (changes.same, changes.complete, changes.left_out) == (18, False, 2)


def test_nothing_is_new_on_the_same_page() -> None:
    ada = Profile()
    ada.sees(reading([BEES, *twenty()]))
    assert ada.known is not None
    changes = held_changes(ada.known, reading([replace(BEES, title="BEES AT NIGHT"), *reversed(twenty())]), 0)
    assert (changes.metrics, changes.new, changes.back, changes.gone, changes.retitled) == ((), {}, {}, {}, ())
    assert changes.same == 21
