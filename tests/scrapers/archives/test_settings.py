"""Where archives are, and that they cannot be asked impolitely by mistake."""

import math

import pytest

from scrapers.archives.origin import ArchiveOrigin
from scrapers.archives.settings import ArchiveSettings, for_archive, wayback_machine
from tracking.capture import Origin

AGENT = "tests (mailto:tests@example.org)"


def test_the_wayback_machine() -> None:
    settings = wayback_machine(AGENT)
    assert settings.name == "wayback"
    assert settings.cdx_url == "https://web.archive.org/cdx/search/cdx"
    assert settings.memento_url == "https://web.archive.org/web/"
    assert 24 * settings.cdx_interval_seconds > 60
    origin: Origin = ArchiveOrigin(settings)
    assert (origin.name, origin.seconds_per_read) == ("wayback", 4)


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:8080/coll", "http://127.0.0.1:8080/coll/"])
def test_an_archive_by_its_base(base_url: str) -> None:
    settings = for_archive(base_url, AGENT)
    assert settings.name == "memento"
    assert settings.cdx_url == "http://127.0.0.1:8080/coll/cdx"
    assert settings.memento_url == "http://127.0.0.1:8080/coll/"


def test_no_gap_only_where_it_is_said() -> None:
    settings = ArchiveSettings(user_agent=AGENT, cdx_url="x", memento_url="x", cdx_per_minute=math.inf)
    assert settings.cdx_interval_seconds == 0


@pytest.mark.parametrize(
    "wrong",
    [{"user_agent": " "}, {"user_agent": "a\nb"}, {"cdx_per_minute": 0}, {"attempts": 0}, {"page_size": 0}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_settings_of_which_nothing_could_come(wrong: dict[str, object]) -> None:
    settings: dict[str, object] = {"user_agent": AGENT, "cdx_url": "x", "memento_url": "x"} | wrong
    with pytest.raises(ValueError, match=r"not a user agent|nothing could be asked for"):
        ArchiveSettings(**settings)  # type: ignore[arg-type]
