"""How patiently an archive is asked that refuses for a time, breaks off, or falls silent."""

import asyncio

import pytest

from scrapers.archives.client import ArchiveClient
from scrapers.archives.origin import ArchiveOrigin
from scrapers.archives.pace import Pace
from tests import faults
from tests.scrapers.archives.archive_site import (
    JANUARY_1,
    MEMENTO_PATH,
    at_a_site,
    cdx_path,
    days,
    gives,
    lists,
    read,
    settings,
    survey,
)
from tests.scrapers.archives.lines import URL, plain, row
from tests.servers import Answer, Site, status
from tests.virtual_time import run_with_servers
from tracking.capture import Capture, OriginError
from tracking.check import Failure, Outcome, Page

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\n\r\n"

PASSING = {
    "429": (status(429), Outcome.THROTTLED, "asks for fewer requests"),
    "503": (status(503), Outcome.THROTTLED, "is overloaded"),
    "502": (status(502), Outcome.UNREACHABLE, "is out of order"),
    "504": (status(504), Outcome.UNREACHABLE, "is out of order"),
    "cut in the body": (faults.ends(HEAD + b"half"), Outcome.UNREACHABLE, "broke off"),
    "reset": (faults.resets(b""), Outcome.UNREACHABLE, "broke off"),
    "silence": (faults.stalls(), Outcome.UNREACHABLE, "fell silent"),
    "a body in drops": (faults.repeats(HEAD, b".", every_seconds=40), Outcome.UNREACHABLE, "no whole answer within"),
}


@pytest.mark.parametrize(("answer", "outcome", "words"), PASSING.values(), ids=PASSING)
def test_what_may_pass_is_asked_again(answer: Answer, outcome: Outcome, words: str) -> None:
    async def story(site: Site) -> None:
        site.answers(MEMENTO_PATH, answer, gives())
        site.answers(cdx_path(), answer, lists(plain(row(1))))
        assert isinstance(await read(site), Page)
        found = await survey(site)
        assert (days(found), found.requests, len(site.requests)) == ([1], 2, 4)

    async def for_ever(site: Site) -> None:
        site.answers(MEMENTO_PATH, answer)
        failure = await read(site, attempts=2)
        assert isinstance(failure, Failure)
        assert (failure.outcome, len(site.requests)) == (outcome, 2)
        assert words in failure.detail

    at_a_site(story, run=run_with_servers)
    at_a_site(for_ever, run=run_with_servers)


def test_an_index_that_stays_out_of_order() -> None:
    async def story(site: Site) -> None:
        site.answers(cdx_path(), status(502))
        with pytest.raises(OriginError, match=r"is out of order \(status 502"):
            await survey(site, attempts=2)
        assert len(site.requests) == 2

    at_a_site(story)


class ToldPace(Pace):
    """A pace whose clock moves when somebody sleeps: the second who does not before everybody was told to rest."""

    def __init__(self, interval_seconds: float) -> None:
        self.now = 0.0
        self.rests: list[float] = []
        self._is_first = True
        self._told = asyncio.Event()
        super().__init__(interval_seconds, clock=lambda: self.now, sleep=self._sleep_on)

    async def _sleep_on(self, seconds: float) -> None:
        if not self._is_first:
            await self._told.wait()
        self._is_first = False
        self.now += seconds

    def rest(self, seconds: float) -> None:
        super().rest(seconds)
        self.rests.append(seconds)
        self._told.set()


def test_the_wait_that_was_asked_for_is_kept_by_everybody() -> None:
    async def story(site: Site) -> None:
        site.answers(MEMENTO_PATH, status(429, retry_after="60"), gives())
        other = site.answers(f"/coll/20240102000000id_/{URL}", gives(at="Tue, 02 Jan 2024 00:00:00 GMT"))
        pace = ToldPace(4)
        async with ArchiveClient(settings(site)) as client:
            asked = await asyncio.gather(client.ask(site.url + MEMENTO_PATH, pace), client.ask(other, pace))
        assert [isinstance(one.answer, Page) for one in asked] == [True, True]
        assert [request.path for request in site.requests] == [MEMENTO_PATH, other.removeprefix(site.url), MEMENTO_PATH]
        # The first turn, the rest after it, and the turn of whoever is asked after the other.
        assert (pace.rests, pace.now) == ([60], 4 + 60 + 4)

    at_a_site(story)


def test_an_archive_that_wants_an_hour_is_left_alone() -> None:
    async def story(site: Site) -> None:
        site.answers(MEMENTO_PATH, status(429, retry_after="3600"))
        site.answers(cdx_path(), status(429, retry_after="3600"))
        failure = await read(site)
        assert isinstance(failure, Failure)
        assert (failure.outcome, failure.retry_after_seconds, len(site.requests)) == (Outcome.THROTTLED, 3600, 1)
        with pytest.raises(OriginError, match="asks for fewer requests, for 3600 s"):
            await survey(site)
        assert len(site.requests) == 2

    at_a_site(story)


def test_each_wait_is_twice_the_one_before() -> None:
    async def story(site: Site) -> None:
        site.answers(MEMENTO_PATH, *[status(503)] * 4, gives())
        pace = ToldPace(0)
        patient = settings(site, attempts=5, retry_wait_seconds=10, longest_wait_seconds=25)
        async with ArchiveClient(patient) as client:
            asked = await client.ask(site.url + MEMENTO_PATH, pace)
        assert isinstance(asked.answer, Page)
        assert (pace.rests, pace.now) == ([10, 20, 25, 25], 80)

    at_a_site(story)


def test_no_window_holds_more_requests_than_agreed_whatever_goes_wrong() -> None:
    """24 in 0.6 s stand for 24 in a minute; the archive fails every third time."""

    async def story(site: Site) -> None:
        pages = [lists(plain(row(1)), key=str(number)) for number in range(30)]
        for number, listed in enumerate(pages):
            more = {"resumeKey": str(number - 1)} if number else {}
            site.answers(cdx_path(**more), *([status(503), listed] if number % 3 == 0 else [listed]))
        site.answers(cdx_path(resumeKey="29"), lists())
        found = await survey(site, cdx_per_minute=2400)
        assert found.requests == len(site.requests) == 41
        starts = [request.at for request in site.requests]
        # Less what the loop itself may be late by.
        assert all(later - earlier >= 0.57 for earlier, later in zip(starts, starts[24:], strict=False))

    at_a_site(story)


def test_reads_keep_their_own_distance() -> None:
    async def story(site: Site) -> None:
        site.answers(MEMENTO_PATH, gives())
        capture = Capture(observed_at=JANUARY_1, place=site.url + MEMENTO_PATH, url=URL)
        began = asyncio.get_running_loop().time()
        async with ArchiveOrigin(settings(site, read_interval_seconds=0.1)) as archive:
            assert archive.seconds_per_read == 0.1
            await asyncio.gather(*(archive.read(capture) for _ in range(4)))
        # Each comes at its turn or later; how much later is the machine's.
        assert [request.at - began >= 0.1 * turn for turn, request in enumerate(site.requests, 1)] == [True] * 4

    at_a_site(story)
