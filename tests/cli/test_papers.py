"""``papers``, and ``show`` and ``history`` of somebody who is followed at several sources."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.flows.several_sources import OLD, sources
from tests.imitations.scholars import work

RIVERS = work(
    "Rivers below a glacier", year=2026, published=date(2026, 11, 20), arxiv_id="2611.00001", key="2",
)  # fmt: skip
PRINTED = work("Rivers Below a Glacier", year=2027, published=date(2027, 1, 5), doi="10.1109/rivers", key="3")
KEYS = ("arxiv:2611.00001", "doi:10.1109/rivers")
EVIDENCE = (
    "both are called “Rivers below a glacier”, the first author of both is Ada Example, 2 authors are shared, "
    "published 2026 and 2027, arXiv 2611.00001 and DOI 10.1109/rivers"
)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for which arXiv shows a preprint on the second day, OpenAlex what was printed of it on the fourth."""
    folder = tmp_path_factory.mktemp("kept")
    database = folder / "scholarwatch.db"
    with sources(folder, str(database)) as ada:
        ada.follow("openalex", "arxiv")
        ada.show("openalex", OLD, citations=100)
        ada.check()
        ada.add("arxiv", RIVERS)
        ada.check()
        ada.show("openalex", OLD, citations=130)
        ada.check()
        ada.show("openalex", PRINTED, OLD, citations=130)
        ada.check()
        # Whoever has a copy of the folder has the database in it.
        ada.config.write_text(ada.config.read_text("utf-8").replace(str(database), database.name), "utf-8")
    return folder


@pytest.fixture
def lived(program: Program, kept: Path) -> Program:
    shutil.copytree(kept, program.folder, dirs_exist_ok=True)
    return program


def test_links_and_why(lived: Program) -> None:
    assert lived("papers", "links").out.splitlines() == [
        "arxiv:2611.00001  doi:10.1109/rivers",
        f"  by run 4, 2026-11-26 09:00 UTC: {EVIDENCE}",
    ]
    assert lived("papers", "links", "ada", "--json").json_lines() == [
        {
            "key": KEYS[0], "other_key": KEYS[1], "evidence": EVIDENCE, "since": "2026-11-26T09:00:00+00:00", "run": "4",
            "severed_at": None,
        }
    ]  # fmt: skip


def test_splitting_and_joining(lived: Program) -> None:
    now = ("--now", "2026-12-01T09:00")
    assert lived("papers", "split", *KEYS, *now).out == "They are not linked any more.\n"
    assert lived("papers", "split", *KEYS, *now).out == "They were split before.\n"
    assert lived("papers", "links").out.splitlines()[1].endswith(f"; split 2026-12-01 09:00 UTC: {EVIDENCE}")
    answer = lived("papers", "join", *KEYS, *now, "--json").json()
    assert answer == {"key": KEYS[0], "other_key": KEYS[1], "linked": True, "changed": True}
    assert lived("papers", "join", *KEYS, *now).out == "They were linked before.\n"
    assert lived("papers", "links").out.splitlines()[1] == "  by hand, 2026-12-01 09:00 UTC: joined by hand"
    answer = lived("papers", "split", *KEYS, *now, "--json").json()
    assert (answer["linked"], answer["changed"]) == (False, True)


@pytest.mark.parametrize(
    ("words", "code", "complaint"),
    [
        (("split", "arxiv:9", KEYS[1]), 2, "no one paper goes by “arxiv:9”"),
        (("split", KEYS[0], "arxiv:1903.00001"), 1, "are not linked"),
        (("join", KEYS[0], KEYS[0]), 1, "are one paper"),
        (("links", "nobody"), 2, "nobody is followed as “nobody”"),
    ],
    ids=["no such key", "not linked", "one paper", "no such person"],
)
def test_what_can_not_be_done(lived: Program, words: tuple[str, ...], code: int, complaint: str) -> None:
    ended = lived("papers", *words)
    assert ended.code == code
    assert complaint in ended.err


def test_the_lag(lived: Program) -> None:
    assert lived("papers", "lag").out == "arxiv before openalex: 1 paper, by 2 days in the median\n"
    lag = {"first": "arxiv", "later": "openalex", "papers": 1, "median_days": 2.0}
    assert lived("papers", "lag", "ada", "--json").json_lines() == [lag]
    lived("papers", "split", *KEYS)
    assert lived("papers", "lag").out == "No paper has come up at one source after another yet.\n"
    assert lived("papers", "lag", "--json").json_lines() == []


def test_where_nothing_is_linked(lived: Program) -> None:
    assert lived("run", "revert", "4", "--yes", "--no-deliver").code == 0
    assert lived("papers", "links").out == "No papers are linked.\n"


def test_a_person_with_several_sources(lived: Program) -> None:
    lines = lived("show", "ada").out.splitlines()
    assert lines[lines.index("Papers, each once:") :] == [
        "Papers, each once:",
        "  2026-11-20  Rivers below a glacier  (arxiv, openalex)",
        "  2019-01-01  Counting bees in spring  (openalex, arxiv)",
        "arxiv before openalex: 1 paper, by 2 days in the median",
    ]
    shown = lived("show", "ada", "--json").json()
    assert shown["lags"] == [{"first": "arxiv", "later": "openalex", "papers": 1, "median_days": 2.0}]
    rivers, bees = sorted(shown["papers"], key=lambda paper: str(paper["title"]), reverse=True)
    assert (rivers["keys"], [one["source"] for one in rivers["shown"]]) == (list(KEYS), ["arxiv", "openalex"])
    assert [(one["source"], one["from_start"], one["listed"]) for one in bees["shown"]] == [
        ("openalex", True, True), ("arxiv", True, True),
    ]  # fmt: skip
    assert [len(profile["papers"]) for profile in shown["profiles"]] == [2, 2]


def test_the_history_of_a_metric_is_that_of_one_source(lived: Program) -> None:
    answer = lived("history", "ada", "citations", "--source", "openalex", "--json").json_lines()
    assert [(one["source"], one["value"]) for one in answer] == [("openalex", 100), ("openalex", 130)]
    ended = lived("history", "ada", "citations", "--source", "arxiv")
    assert ended.code == 2
    assert "'arxiv' shows none of it; openalex does" in ended.err
