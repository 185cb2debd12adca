"""Captures are read once, in order, a few at once, and no longer than the origin bears."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Self

import pytest

from flows.backfill_reading import CaptureReader, CapturesAhead
from tests.flows.past_pages import BROKEN, NOW, page
from tracking.capture import Capture, Survey
from tracking.check import Failure, Outcome, Page, Parsed
from tracking.late import LateSighting

Answer = Page | Failure


class Shelf:
    """An origin whose captures are named by numbers: it gives the good page, or what ``answers`` says."""

    name = "shelf"

    def __init__(self, answers: Mapping[str, Answer] | None = None, *, seconds_per_read: float = 0.0) -> None:
        self.seconds_per_read = seconds_per_read
        self.asked: list[str] = []
        self.most_at_once = 0
        self._at_once = 0
        self._answers = answers or {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None: ...

    async def survey(self, *_: object) -> Survey:
        return Survey(captures=())

    async def read(self, capture: Capture) -> Answer:
        self.asked.append(capture.place)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        await asyncio.sleep(0)
        self._at_once -= 1
        return self._answers.get(capture.place, good(capture.place))


def good(place: str) -> Page:
    return Page(url="", status=200, headers={}, body=page(NOW.date(), 100 + int(place)))


def failure(outcome: Outcome, *, status: int | None = None, retry_after: float | None = None) -> Failure:
    return Failure(outcome=outcome, detail=f"{outcome} it is", status=status, retry_after_seconds=retry_after)


def captures(digests: Sequence[str | None]) -> list[Capture]:
    return [
        Capture(observed_at=NOW + timedelta(days=number), place=str(number), digest=digest)
        for number, digest in enumerate(digests)
    ]


def read(origin: Shelf, wanted: Sequence[Capture]) -> list[list[LateSighting]]:
    async def taken() -> list[list[LateSighting]]:
        async with (
            CaptureReader(origin, len(wanted)) as reader,
            CapturesAhead(reader, "scholarfeed", wanted) as ahead,
        ):
            parts = []
            while part := await ahead.take():
                parts.append(part)
            assert reader.reads == len(origin.asked)
            return parts

    return asyncio.run(taken())


def outcomes(parts: list[list[LateSighting]]) -> list[str]:
    findings = [one.finding for part in parts for one in part]
    return [finding.outcome.value if isinstance(finding, Failure) else "ok" for finding in findings]


def test_all_in_their_order_and_few_at_once() -> None:
    origin = Shelf()
    wanted = captures([None] * 50)
    parts = read(origin, wanted)
    assert [one.place for part in parts for one in part] == [capture.place for capture in wanted]
    assert [one.observed_at for part in parts for one in part] == [capture.observed_at for capture in wanted]
    assert {one.origin for part in parts for one in part} == {"shelf"}
    assert max(map(len, parts)) <= 16
    assert 1 < origin.most_at_once <= 6


def test_nothing_wanted() -> None:
    assert read(Shelf(), []) == []


def test_the_same_bytes_again_are_the_same_page_and_reading() -> None:
    origin = Shelf()
    # In one part, or in more where reading them takes long.
    sightings = [one for part in read(origin, captures(["a", "a", "b", "a", "a", None, None])) for one in part]
    assert origin.asked == ["0", "2", "3", "5", "6"]
    assert sightings[0].finding is sightings[1].finding
    assert sightings[3].finding is sightings[4].finding
    assert [one.place for one in sightings] == list("0123456")


def test_the_same_bytes_over_more_captures_than_are_taken_at_once() -> None:
    origin = Shelf()
    parts = read(origin, captures(["a"] * 100))
    assert origin.asked == ["0"]
    assert outcomes(parts) == ["ok"] * 100


def test_the_same_bytes_again_are_as_hard_to_understand() -> None:
    broken = Page(url="", status=200, headers={}, body=BROKEN)
    origin = Shelf({"0": broken, "1": broken})
    assert outcomes(read(origin, captures(["a", "a"]))) == ["parse_failed"] * 2
    assert origin.asked == ["0"]


def test_what_could_not_be_read_may_be_had_elsewhere() -> None:
    origin = Shelf({"0": failure(Outcome.UNREACHABLE, status=404)})
    parts = read(origin, captures(["a", "a", "a"]))
    assert origin.asked == ["0", "1"]
    assert outcomes(parts) == ["unreachable", "ok", "ok"]


def test_a_page_is_parsed_as_of_its_own_day() -> None:
    """In Dublin it was New Year already, in UTC it was not: "Dec 31" is a day of the year that ends."""
    at = datetime.fromisoformat("2027-01-01T00:30:00+01:00")
    shown = page(at.date().replace(year=2026, month=12, day=31), 1, also=("A New Thing",))
    origin = Shelf({"0": Page(url="", status=200, headers={}, body=shown)})
    ((sighting,),) = read(origin, [Capture(observed_at=at, place="0")])
    assert isinstance(sighting.finding, Parsed)
    assert {str(one.published) for one in sighting.finding.reading.papers} == {"2026-12-31", "2021-03-05"}


def test_outcomes_of_the_page_itself() -> None:
    pages = {
        "0": Page(url="", status=200, headers={}, body=BROKEN),
        "1": Page(url="", status=404, headers={}, body=b"<h1>Author not found</h1>"),
    }
    assert outcomes(read(Shelf(pages), captures([None, None, None]))) == ["parse_failed", "gone", "ok"]


def unreachable() -> Failure:
    return failure(Outcome.UNREACHABLE)


@pytest.mark.parametrize(
    ("bad", "asked"),
    [
        (lambda: failure(Outcome.THROTTLED, status=429, retry_after=3600), 1),
        (lambda: failure(Outcome.THROTTLED, status=503), 3),
        (unreachable, 3),
        (lambda: failure(Outcome.UNREACHABLE, status=404), 40),
        (lambda: failure(Outcome.BLOCKED, status=403), 40),
    ],
    ids=["asked to wait", "overloaded", "out of reach", "does not have them", "withholds them"],
)
def test_how_long_an_archive_is_asked(bad: Callable[[], Failure], asked: int) -> None:
    origin = Shelf({str(number): bad() for number in range(40)}, seconds_per_read=0.01)
    parts = read(origin, captures([None] * 40))
    # Those that were under way when it became clear are not called back.
    assert asked <= len(origin.asked) <= asked + 5
    left = 40 - len(origin.asked)
    assert outcomes(parts).count("cooling_down") == left
    if left:
        last = parts[-1][-1].finding
        assert isinstance(last, Failure)
        assert last.detail == f"39 was not asked for: {bad().detail}"


def test_failures_between_good_answers_are_borne() -> None:
    origin = Shelf({str(number): unreachable() for number in range(0, 40, 2)}, seconds_per_read=0.01)
    assert outcomes(read(origin, captures([None] * 40))) == ["unreachable", "ok"] * 20


def test_files_are_read_whatever_is_wrong_with_them() -> None:
    origin = Shelf({str(number): unreachable() for number in range(40)})
    assert outcomes(read(origin, captures([None] * 40))) == ["unreachable"] * 40


def test_whoever_stops_taking_stops_the_reading() -> None:
    origin = Shelf()

    async def taken() -> None:
        wanted = captures([None] * 200)
        async with CaptureReader(origin, 200) as reader, CapturesAhead(reader, "scholarfeed", wanted) as ahead:
            await ahead.take()
            raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError, match="the disk is full"):
        asyncio.run(taken())
    assert len(origin.asked) < 60
