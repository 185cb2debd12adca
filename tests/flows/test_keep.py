"""Retention as a scheduled thing: what the configuration asks for, once a day, and nothing where it asks for nothing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from flows.config.retention import RetentionConfig
from flows.config.whole import Settings
from flows.keep import keep
from flows.settings import ConfigError, load
from storage.store import Store
from tests.scenarios.story import Story
from world.papers import papers
from world.site import Site

DAY, YEAR = timedelta(days=1), timedelta(days=365)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def story(site: Site, tmp_path: Path, database: str) -> Story:
    """Four pages of one month: the first and the last are kept for ever."""
    story = Story(site, tmp_path, database)
    key = site.author("Ada Example", papers(3, before=date(2024, 6, 1)), citations=10)
    story.follow(key)
    for citations in (10, 11, 12, 13):
        site.set_metric(key, "citations", citations)
        story.check()
    return story


def keeping(story: Story, **retention: bool) -> Settings:
    return replace(story.settings, retention=RetentionConfig(pages=YEAR, **retention))


def test_what_is_too_old_goes_once_a_day(story: Story) -> None:
    settings, later = keeping(story), story.now + YEAR + DAY
    with Store.open(settings.database) as store:
        young = keep(store, settings, story.now)
        assert young is not None
        assert (young.pages, young.vacuumed_bytes) == (0, None)
        gone = keep(store, settings, later)
        assert gone is not None
        assert (gone.pages, gone.before) == (2, story.now + DAY)
        assert keep(store, settings, later + timedelta(hours=19)) is None
        again = keep(store, settings, later + DAY)
        assert again is not None
        assert again.pages == 0
        # What was read from the pages, and all that was made of it, is there.
        assert [(event.field, event.after) for event in store.events()][-1] == ("citations", 13)
        assert [run.kind for run in store.runs()][:3] == ["keep", "keep", "keep"]


def test_room_is_given_back_only_where_it_is_asked_for_and_something_went(story: Story) -> None:
    settings, later = keeping(story, vacuum=True), story.now + YEAR + DAY
    with Store.open(settings.database) as store:
        young, gone = keep(store, settings, story.now), keep(store, settings, later)
    assert young is not None
    assert gone is not None
    assert young.vacuumed_bytes is None
    assert gone.vacuumed_bytes is not None


def test_without_the_section_all_is_kept(story: Story) -> None:
    settings = story.settings
    assert settings.retention is None
    with Store.open(settings.database) as store:
        assert keep(store, settings, story.now + 10 * YEAR) is None
        assert "keep" not in [run.kind for run in store.runs()]


def test_one_at_a_time_and_who_was_killed_is_followed_by_the_next(story: Story) -> None:
    settings, later = keeping(story), story.now + YEAR + DAY
    with Store.open(settings.database) as store:
        with store.keeping_lock(later):
            assert keep(store, settings, later) is None
        # One that began and never ended is not taken for done.
        store.begin_run("keep", later)
        assert keep(store, settings, later) is not None


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("", None),
        ("retention:\n", None),
        ("retention: {pages: 365d}\n", RetentionConfig(pages=YEAR)),
        (
            "retention: {pages: 52w, even_told: true, vacuum: true}\n",
            RetentionConfig(pages=timedelta(weeks=52), even_told=True, vacuum=True),
        ),
    ],
)
def test_as_it_is_written(tmp_path: Path, written: str, read: RetentionConfig | None) -> None:
    file = tmp_path / "scholarwatch.yaml"
    file.write_text(written, "utf-8")
    assert load(file).retention == read


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{vacuum: true}", "retention: must say with “pages” for how long raw pages are kept, such as 365d"),
        ("{pages: 7d}", "retention.pages: must be 30d or more"),
        ("{pages: forever}", "retention.pages: must be a time like 36h, 7d or 2w"),
        ("{pages: 365d, vacuum: 1}", "retention.vacuum: must be true or false, not a number"),
        ("{page: 365d}", "retention.page: unknown key; did you mean “pages”?"),
    ],
)
def test_refused(tmp_path: Path, written: str, said: str) -> None:
    file = tmp_path / "scholarwatch.yaml"
    file.write_text(f"retention: {written}\n", "utf-8")
    with pytest.raises(ConfigError) as refused:
        load(file)
    assert str(refused.value).endswith(f":1: {said}")
