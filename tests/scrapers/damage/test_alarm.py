"""The alarm is right on damaged templates, and silent on ordinary days."""

import pytest

from scrapers.registry import SOURCES
from tests.scrapers.damage.judging import VARIANTS, false_alarm, judge_source
from tests.scrapers.damage.worlds import PLACES

_SEED = 1
_PROFILES = 8
_RIGHT = 0.95
#: Markup that was made for people, two interfaces that answer in JSON and XML, and a page of anybody's; the rest takes
#: a while.
_OFTEN = ("scholarfeed", "openalex", "dblp", "generic")
_ALL = [pytest.param(name, marks=[] if name in _OFTEN else [pytest.mark.slow]) for name in PLACES]


def test_every_source_has_a_template_to_damage() -> None:
    ours = {name for name, source in SOURCES.items() if source.parse.__module__.startswith("scrapers.")}
    assert PLACES.keys() == ours
    assert ours >= set(_OFTEN)


@pytest.mark.parametrize("source", _ALL)
def test_the_alarm_is_right_on_damaged_templates(source: str) -> None:
    judged = judge_source(source, _SEED, _PROFILES)
    wrong = [one for one in judged if not one.is_right]
    assert len({one.variant for one in judged}) == VARIANTS
    assert 5 <= sum(one.is_harmful for one in judged) <= VARIANTS - 5
    assert len(wrong) <= (1 - _RIGHT) * VARIANTS, wrong
    assert sum(bool(one.told) for one in wrong) <= 1, wrong


@pytest.mark.parametrize("source", PLACES)
def test_one_odd_profile_is_no_redesign(source: str) -> None:
    """On every day one person takes down half of the list."""
    assert [false_alarm(source, seed, _PROFILES) for seed in range(2)] == ["", ""]
