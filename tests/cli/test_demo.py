"""The week of made-up researchers, without Prefect; with it, the flows' own tests live through it."""

from tests.cli.program import Program


def test_week_in_words(program: Program) -> None:
    ended = program("demo", "--plain")
    assert (ended.code, ended.err) == (0, "")
    assert [f"── Day {number}, " in ended.out for number in range(1, 8)] == [True] * 7
    assert "Nothing to tell." in ended.out
    assert "New paper by " in ended.out
    assert ended.out.splitlines()[-1].endswith(", 0 of them twice, and 0 were missed. ──")


def test_week_as_json(program: Program) -> None:
    ended = program("demo", "--plain", "--json")
    assert ended.code == 0
    *days, week = ended.json_lines()
    assert [day["day"] for day in days] == [1, 2, 3, 4, 5, 6, 7]
    assert {tuple(day) for day in days} == {("day", "now", "outcomes", "messages")}
    told = [item["title"] for day in days for message in day["messages"] for item in message["items"]
            if item["kind"] == "paper.new"]  # fmt: skip
    assert week == {"new_papers": len(told), "told": len(told), "told_twice": 0, "untold": 0}
    assert len(set(told)) == len(told) > 0
    assert list(program.folder.iterdir()) == []
