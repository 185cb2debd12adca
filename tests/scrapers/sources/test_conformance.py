"""Every source of ours keeps what every source promises, on good pages of every kind that its imitation shows."""

import pytest

from scrapers.conformance import violations
from scrapers.registry import SOURCES
from tests.scrapers.sources.good_pages import OBSERVED_ON, GoodPage, good_pages

_PAGES = good_pages()
#: Damaged copies of each page: fewer of the long ones.
_BYTES_A_TRY = 3_000
_TRIES_MAX = 15


@pytest.mark.parametrize("good", _PAGES, ids=str)
def test_a_good_page_is_read_and_damage_does_no_harm(good: GoodPage) -> None:
    tries = max(2, _TRIES_MAX - len(good.page.body) // _BYTES_A_TRY)
    assert violations(good.source, good.page, observed_on=OBSERVED_ON, url=good.url, tries=tries) == []


def test_there_are_good_pages_of_every_source_of_ours() -> None:
    ours = {name for name, source in SOURCES.items() if source.parse.__module__.startswith("scrapers.")}
    assert {good.source.name for good in _PAGES} == ours
