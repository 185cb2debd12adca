"""``history``, ``events --at`` and ``events --known-at`` as they are typed."""

import pytest

from tests.cli.days import TUESDAY, a_day_goes_by, begin, monday
from tests.cli.kept import Kept
from tests.cli.program import Program
from world.site import Site


@pytest.fixture
def site(lasting_site: Site) -> Site:
    monday(lasting_site)
    return lasting_site


@pytest.fixture
def lived(program: Program, site: Site, kept: Kept) -> Program:
    """Two days, and a third on which the novelty is not shown."""

    def live() -> None:
        begin(site, program)
        a_day_goes_by(site)
        assert program("run", "--now", TUESDAY).code == 0
        site.hide_metric("1001", "novelty")
        assert program("run", "--now", "2026-11-25T09:00:00Z").code == 0

    return kept.begin(program, live)


def test_a_metric_line_by_line(lived: Program) -> None:
    ended = lived("history", "zoë", "citations")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        "Zoë Example: citations",
        "since                 value  change",
        "2026-11-23 09:00 UTC  1,204  –",
        "2026-11-24 09:00 UTC  1,311  +107",
    ]


def test_a_gap_is_a_line_of_its_own(lived: Program) -> None:
    assert lived("history", "zoë", "novelty").out.splitlines()[2:] == [
        "2026-11-23 09:00 UTC  55 %       –",
        "2026-11-25 09:00 UTC  not shown  –",
    ]


def test_without_a_metric_all_are_listed(lived: Program) -> None:
    lines = lived("history", "1001").out.splitlines()
    assert lines[0] == "Zoë Example"
    assert lines[1].split() == ["metric", "first", "since", "last", "since", "changes"]
    citations = "citations 1,204 2026-11-23 09:00 UTC 1,311 2026-11-24 09:00 UTC 1"
    assert citations in [" ".join(line.split()) for line in lines]


def test_as_json_lines(lived: Program) -> None:
    ended = lived("history", "zoë", "h-index", "--json")
    assert ended.json_lines() == [
        {
            "person": "Zoë Example", "profile": "1001", "source": "scholarfeed", "metric": "h_index", "value": 2,
            "since": "2026-11-23T09:00:00+00:00", "until": None, "delta": None,
        }
    ]  # fmt: skip
    assert ended.err == ""


@pytest.mark.parametrize(
    ("times", "values"),
    [
        (("--since", "2026-11-24"), [1204, 1311]),
        (("--since", "2026-11-25"), [1311]),
        (("--until", "2026-11-23"), [1204]),
        (("--until", "2026-11-24T08:59:59Z"), [1204]),
        (("--until", "2026-11-24"), [1204, 1311]),
        (("--until", "2026-11-22"), []),
    ],
    ids=["the value that held then", "since the change", "a day", "a moment before", "the whole day", "before it all"],
)
def test_clipped(lived: Program, times: tuple[str, ...], values: list[int]) -> None:
    ended = lived("history", "zoë", "citations", *times, "--json")
    assert ended.code == 0
    assert [line["value"] for line in ended.json_lines()] == values
    assert bool(values) == (ended.err == "")


def test_two_profiles_of_one_person_are_told_apart(lived: Program, site: Site) -> None:
    site.author("Zoë Example", [], key="2002", citations=17)
    lived.write("two.yaml", _two_profiles(site))
    assert lived("run", "--config", "two.yaml", "--now", "2026-11-26T09:00:00Z").code == 0
    lines = [" ".join(line.split()) for line in lived("history", "zoë", "citations").out.splitlines()]
    assert lines[1] == "profile since value change"
    assert "scholarfeed/1001 2026-11-24 09:00 UTC 1,311 +107" in lines
    assert "scholarfeed/2002 2026-11-26 09:00 UTC 17 –" in lines


def _two_profiles(site: Site) -> str:
    profiles = "".join(f'      - {{url: "{site.url(key)}", source: scholarfeed}}\n' for key in ("1001", "2002"))
    return f"people:\n  - name: Zoë Example\n    profiles:\n{profiles}fetch: {FETCH}\n"


FETCH = '{user_agent: "Test (mailto:me@example.org)", min_interval_seconds: 0, allow_private_hosts: ["127.0.0.1"]}'


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("zoë", "renown"), "no metric is called “renown”; there are: citations, h_index, novelty, papers"),
        (("nobody",), "nobody is followed as “nobody”"),
        (("zoë", "citations", "--since", "yesterday"), "'yesterday' is no date or time"),
    ],
    ids=["metric", "person", "time"],
)
def test_wrong_use(lived: Program, words: tuple[str, ...], complaint: str) -> None:
    ended = lived("history", *words)
    assert (ended.code, ended.out) == (2, "")
    assert complaint in " ".join(ended.err.split())


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ((), {"23", "24"}),
        (("--at", "2026-11-23"), {"23"}),
        (("--at", "2026-11-24T08:00:00Z"), {"23"}),
        (("--at", "2026-11-24"), {"23", "24"}),
        (("--at", "2026-11-24", "--since", "2026-11-24"), {"24"}),
        (("--known-at", "2026-11-23"), {"23"}),
        (("--known-at", "2026-11-22"), set()),
        (("--at", "2026-11-22"), set()),
    ],
    ids=["all", "a day", "a moment", "the last day", "one day", "on record", "before the record", "before it all"],
)
def test_events_as_of_a_day(lived: Program, words: tuple[str, ...], days: set[str]) -> None:
    ended = lived("events", *words, "--json")
    assert {event["observed_at"][8:10] for event in ended.json_lines()} == days
    assert bool(days) == (ended.err == "")
