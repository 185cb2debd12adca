"""A page is dated by the day of its check in UTC, wherever the clock stands, when it comes and when it is read again."""

import asyncio
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from flows.replay import replay
from flows.track import track
from storage.store import Store
from tests.flows.past_pages import settings_for
from world.papers import paper
from world.site import Site


@pytest.mark.parametrize("hours", [-10, 0, 13])
def test_the_day_of_a_check_is_that_of_utc(hours: int, tmp_path: Path) -> None:
    now = datetime(2026, 12, 31, 12, tzinfo=UTC).astimezone(timezone(timedelta(hours=hours)))
    with Site(today=date(2027, 1, 2)) as site, Store.open(str(tmp_path / "scholarwatch.db")) as store:
        key = site.author("Ada Example", [paper("A New Thing", published=date(2027, 1, 2))])
        settings = settings_for(
            tmp_path,
            people={"Ada Example": site.url(key)},
            fetch={"allow_private_hosts": ["127.0.0.1"], "user_agent": "tests (mailto:me@example.org)"},
        )
        assert asyncio.run(track(store, settings, now)).tally.failed == 0
        assert replay(store, now).report.same == 1
        (state,) = store.person("Ada").profiles
        assert [str(listed.paper.published) for listed in state.papers] == ["2026-01-02"]
