"""Stored pages read again by the parser that read them, and by parsers that are wrong in one way each."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from flows.replay import read_again, read_unread
from flows.rereading import ParsePage, ReadAtLast
from flows.workers import spread
from scrapers.parse import parse_page
from storage.engine import Database
from storage.packed import PackedSnapshot
from storage.pages import StoredSnapshots
from storage.store import Store
from tests.flows import wrong_parsers
from tests.flows.stored_pages import DAY, FIRST_DAY, PARSER, a_day, follow, page, read
from tracking.check import Outcome
from tracking.kept import UnreadPage
from tracking.replay_report import ReplayReport
from tracking.reread import Change, ReadAgain

PEOPLE = ("Ada Example", "Zoë Example")
DAYS = 3
PAGES = len(PEOPLE) * DAYS


@pytest.fixture(scope="module")
def snapshots(tmp_path_factory: pytest.TempPathFactory) -> list[PackedSnapshot]:
    """Two people on three days, as the store gives them."""
    database = str(tmp_path_factory.mktemp("replay") / "scholarwatch.db")
    with Store.open(database) as store:
        follow(store, *PEOPLE)
        for number in range(DAYS):
            a_day(store, FIRST_DAY + number * DAY)
    return list(StoredSnapshots(database=Database.at(database)).packed())


def replayed(snapshots: Sequence[PackedSnapshot], parse: ParsePage = parse_page) -> ReplayReport:
    return read_again(snapshots, len(snapshots), parse=parse, processes=1)


@pytest.mark.parametrize(
    "parse", [parse_page, wrong_parsers.is_fine, wrong_parsers.turns_the_list_around], ids=lambda parse: parse.__name__
)
def test_a_parser_that_says_the_same_is_not_reported(snapshots: list[PackedSnapshot], parse: ParsePage) -> None:
    report = replayed(snapshots, parse)
    assert (report.pages, report.same) == (PAGES, PAGES)
    assert report.fields == {}
    assert report.failures == []


@pytest.mark.parametrize(
    ("parse", "changes", "before", "after"),
    [
        (wrong_parsers.drops_the_last_paper, {"papers": 1}, "Sheaves on a Torus, Part II", None),
        (wrong_parsers.drops_the_first_paper, {"papers": 1}, "A New Thing", None),
        (wrong_parsers.takes_the_footer_for_a_paper, {"papers": 1}, None, "About this site"),
        (
            wrong_parsers.swaps_authors,
            {"papers.authors": 4},
            ["Ada Example", "Ben Example"],
            ["Ben Example", "Ada Example"],
        ),
        (wrong_parsers.forgets_et_al, {"papers.authors_complete": 1}, False, True),
        (wrong_parsers.misses_the_score, {"papers.score": 1}, 98.1, None),
        (wrong_parsers.reads_a_score_everywhere, {"papers.score": 3}, None, 0.0),
        (wrong_parsers.is_a_year_late, {"papers.published": 4}, "2026-11-20", "2027-11-20"),
        (wrong_parsers.keeps_the_year_only, {"papers.published": 4}, "2026-11-20", "2026"),
        (wrong_parsers.cuts_titles, {"papers.title": 4}, "A New Thing", "A New"),
        (wrong_parsers.loses_the_links, {"papers.arxiv_id": 4, "papers.url": 4}, "2611.00004", None),
        (wrong_parsers.counts_one_more, {"metrics.citations": 1}, 1204, 1205),
        (wrong_parsers.misses_the_novelty, {"metrics.novelty": 1}, 0.55, None),
        (wrong_parsers.says_half_a_name, {"name": 1}, "Ada Example", "Ada"),
        (wrong_parsers.thinks_it_saw_all, {"complete": 1}, True, False),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_every_mistake_is_reported_under_its_field(
    snapshots: list[PackedSnapshot], parse: ParsePage, changes: dict[str, int], before: object, after: object
) -> None:
    """``changes`` per page; the example is of the first page."""
    report = replayed(snapshots, parse)
    assert (report.pages, report.different) == (PAGES, PAGES)
    assert {name: field.changes.total() for name, field in report.fields.items()} == {
        name: count * PAGES for name, count in changes.items()
    }
    for field in report.fields.values():
        assert len(field.profile_ids) == len(PEOPLE)
        assert {example.person for example in field.examples} == set(PEOPLE)
    example = report.fields[next(iter(changes))].examples[0]
    assert (example.person, example.profile, example.observed_at) == (PEOPLE[0], "scholarfeed/1", FIRST_DAY)
    assert (example.before, example.after) == (before, after)


def test_a_title_from_the_wrong_place_is_a_changed_title(snapshots: list[PackedSnapshot]) -> None:
    report = replayed(snapshots, wrong_parsers.takes_the_abstract_for_the_title)
    assert report.fields["papers.title"].changes == {Change.CHANGES: 4 * PAGES}
    assert report.fields["papers.abstract"].changes == {Change.VANISHES: 4 * PAGES}
    assert "papers" not in report.fields


@pytest.mark.parametrize(
    ("parse", "outcome", "detail"),
    [
        (wrong_parsers.stumbles, Outcome.PARSE_FAILED, "the parser failed with KeyError: 'scholarfeed 2026-11-22 25'"),
        (wrong_parsers.sees_a_captcha, Outcome.BLOCKED, "a captcha of scholarfeed on 2026-11-22"),
    ],
    ids=["an exception", "another outcome"],
)
def test_pages_that_cannot_be_read_any_more(
    snapshots: list[PackedSnapshot], parse: ParsePage, outcome: Outcome, detail: str
) -> None:
    report = replayed(snapshots, parse)
    assert (report.pages, report.failed, report.outcomes) == (PAGES, PAGES, Counter({outcome: PAGES}))
    assert (report.failures[0].person, report.failures[0].observed_at) == (PEOPLE[0], FIRST_DAY)
    assert report.failures[0].detail == detail


def test_a_source_that_was_taken_out_of_the_program(snapshots: list[PackedSnapshot]) -> None:
    report = replayed([replace(snapshot, source="forgotten") for snapshot in snapshots])
    assert report.outcomes == {Outcome.PARSE_FAILED: PAGES}
    assert "there is no source 'forgotten'" in report.failures[0].detail


def test_pages_that_were_let_go_are_counted_and_no_more(snapshots: list[PackedSnapshot]) -> None:
    report = replayed([replace(snapshots[0], page=None), *snapshots[1:]], wrong_parsers.stumbles)
    assert (report.pages, report.retired, report.failed) == (PAGES, 1, PAGES - 1)


def test_a_change_without_a_new_version_is_pointed_out(snapshots: list[PackedSnapshot]) -> None:
    assert replayed(snapshots, wrong_parsers.counts_one_more).same_version == PAGES
    older = [replace(snapshot, parser="scholarfeed/0") for snapshot in snapshots]
    assert replayed(older, wrong_parsers.counts_one_more).same_version == 0


def test_processes_find_what_one_process_finds(snapshots: list[PackedSnapshot]) -> None:
    many = [replace(one, profile_id=copy) for copy in range(20) for one in snapshots]
    for parse in (parse_page, wrong_parsers.counts_one_more, wrong_parsers.stumbles):
        here = read_again(many, len(many), parse=parse, processes=1)
        assert read_again(many, len(many), parse=parse, processes=2) == here
        assert here.pages == len(many)


@pytest.mark.parametrize("processes", [1, 2])
def test_progress_tells_of_every_page(snapshots: list[PackedSnapshot], processes: int) -> None:
    told: list[tuple[int, int]] = []
    many = snapshots * 15
    read_again(many, len(many), progress=lambda total, done: told.append((total, done)), processes=processes)
    assert told[-1] == (len(many), len(many))
    assert sorted(told) == told
    assert len(told) > 10


@pytest.mark.parametrize("processes", [1, 2])
def test_readings_that_differ_are_handed_over_by_profile(snapshots: list[PackedSnapshot], processes: int) -> None:
    many = [
        replace(one, profile_id=copy, observed_at=one.observed_at + timedelta(minutes=number))
        for copy in range(8)
        for number, one in enumerate(snapshots * 2)
    ]
    handed: list[list[ReadAgain]] = []
    read_again(
        many,
        len(many),
        apply=lambda readings: handed.append(list(readings)),
        parse=wrong_parsers.counts_one_more,
        processes=processes,
    )
    assert [[(one.profile_id, one.observed_at) for one in part] for part in handed] == [
        [(one.profile_id, one.observed_at) for one in many if one.profile_id == copy] for copy in range(8)
    ]
    first = handed[0][0]
    right = read(page(PEOPLE[0], FIRST_DAY.date()), FIRST_DAY.date())
    assert first.reading == replace(right, metrics={**right.metrics, "citations": 1205})
    assert first.parser == PARSER


def test_what_is_the_same_or_cannot_be_read_is_not_handed_over(snapshots: list[PackedSnapshot]) -> None:
    handed: list[Sequence[ReadAgain]] = []
    for parse in (parse_page, wrong_parsers.stumbles):
        read_again(snapshots, PAGES, apply=handed.append, parse=parse, processes=1)
    assert handed == []


def test_what_another_version_had_read_is_handed_over_even_where_it_is_the_same(
    snapshots: list[PackedSnapshot],
) -> None:
    handed: list[ReadAgain] = []
    report = read_again(snapshots, PAGES, apply=handed.extend, parse=wrong_parsers.is_fine, processes=1)
    assert (report.same, len(handed)) == (PAGES, PAGES)
    assert {one.parser for one in handed} == {"scholarfeed/99"}


def unread_pages(count: int) -> list[UnreadPage]:
    """Pages of a number of profiles, every third of which nobody can read."""
    whole = page("Ada Example", FIRST_DAY.date())
    torn = replace(whole, body=b"torn")
    return [
        UnreadPage(
            profile_id=number // 10,
            person="Ada Example",
            tags=(),
            source="scholarfeed",
            profile_key="1",
            profile_url="http://127.0.0.1/author/1",
            followed=True,
            observed_at=FIRST_DAY + number * DAY,
            page=whole if number % 3 else torn,
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("processes", [1, 2])
def test_unread_pages_are_tried_and_handed_over_by_profile(processes: int) -> None:
    pages = unread_pages(90)
    handed: list[list[ReadAtLast]] = []
    told: list[int] = []

    def record(found: Iterable[ReadAtLast]) -> dict[Outcome, int]:
        handed.append(list(found))
        return {Outcome.OK: len(handed[-1])}

    report = ReplayReport()
    read_unread(pages, report, progress=told.append, record=record, processes=processes)
    assert (report.unread.readable, report.unread.unreadable, report.unread.recorded) == (60, 30, {Outcome.OK: 60})
    assert (report.pages, told[-1]) == (0, 90)
    readable = [one for number, one in enumerate(pages) if number % 3]
    assert [[found.unread for found in part] for part in handed] == [
        [one for one in readable if one.profile_id == profile_id] for profile_id in range(9)
    ]
    assert handed[0][0].parsed.reading == read(readable[0].page, readable[0].observed_at.date())


def test_few_pages_are_in_memory_at_once() -> None:
    taken: list[int] = []

    def parts(count: int) -> Iterator[int]:
        for part in range(count):
            taken.append(part)
            yield part

    results: Iterable[int] = spread(partial(pow, 2), parts(200), processes=2, worth_processes=4)
    ahead = []
    for done, result in enumerate(results):
        assert result == 2**done
        ahead.append(len(taken) - done)
    assert len(ahead) == 200
    assert max(ahead) < 20


def test_an_error_of_the_work_ends_the_work(tmp_path: Path) -> None:
    results = spread(Path.read_bytes, [tmp_path / "missing"] * 40, processes=2, worth_processes=4)
    with pytest.raises(FileNotFoundError):
        list(results)
