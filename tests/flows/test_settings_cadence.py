"""How often everybody is checked, as the file says it."""

from datetime import timedelta
from pathlib import Path

import pytest

from flows.settings import ConfigError, load
from tracking.cadence import Cadences, Every

DAY = timedelta(days=1)
PEOPLE = """
fetch: {user_agent: "Lab (mailto:lab@example.org)"}
people:
  - {profiles: https://www.scholarfeed.org/author/1, tags: [rl]}
  - {profiles: https://www.scholarfeed.org/author/2, tags: [alumni, watchlist]}
  - {profiles: https://www.scholarfeed.org/author/3, tags: [watchlist], cadence: 12h}
  - profiles:
      - {url: https://www.scholarfeed.org/author/4, cadence: 2w}
      - https://www.scholarfeed.org/author/5
    cadence: adaptive
"""


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SCHOLARWATCH_CONFIG", raising=False)
    monkeypatch.delenv("SCHOLARWATCH_DATABASE", raising=False)


def cadences(text: str) -> Cadences:
    Path("scholarwatch.yaml").write_text(text, "utf-8")
    return load(None).cadences


def test_the_nearest_word_holds():
    found = cadences("cadence: {default: 2d, spread: 8h, tags: {watchlist: 7d, alumni: 4w}}\n" + PEOPLE)

    assert found.default == Every(2 * DAY)
    assert found.spread == timedelta(hours=8)
    assert found.of_profile == {
        ("scholarfeed", "2"): Every(7 * DAY),
        ("scholarfeed", "3"): Every(timedelta(hours=12)),
        ("scholarfeed", "4"): Every(14 * DAY),
        ("scholarfeed", "5"): Every(None),
    }


@pytest.mark.parametrize(
    ("written", "default"),
    [("7d", Every(7 * DAY)), ("adaptive", Every(None)), ("{}", Every(DAY)), ("{spread: 0}", Every(DAY))],
)
def test_the_default_of_everybody(written: str, default: Every):
    assert cadences(f"cadence: {written}\n").default == default


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("cadence: often\n", "1: cadence: must be a time like 36h, 7d or 2w"),
        ("cadence: 7\n", "1: cadence: must be a mapping of keys to values, not a number"),
        ("cadence: {default: 0h}\n", "1: cadence.default: must be an hour or more, and a year at most"),
        ("cadence: {default: 400d}\n", "1: cadence.default: must be an hour or more, and a year at most"),
        ("cadence:\n  spread: 2d\n", "2: cadence.spread: must not be longer than a day: 24h"),
        ("cadence:\n  tags: {rl: 1y}\n", "2: cadence.tags.rl: must be a time like 36h, 7d or 2w"),
        ("cadence: {evry: 7d}\n", "1: cadence.evry: unknown key; allowed: default, spread, tags"),
        (
            "people:\n  - {profiles: https://www.scholarfeed.org/author/1, cadence: soon}\n",
            "2: people[0].cadence: must be a time like 36h, 7d or 2w",
        ),
    ],
)
def test_what_is_refused(text: str, message: str):
    with pytest.raises(ConfigError) as raised:
        cadences(text)
    assert str(raised.value) == f"scholarwatch.yaml:{message}"
