"""Runs in the browser: the list, one run, and what was asked of hosts."""

from datetime import UTC

import pytest

from flows.revert import revert
from storage.store import Store
from tests.scenarios.story import Story
from tests.web.visitor import Visitor, words


def test_where_there_was_no_run_somebody_learns_how_to_begin(visitor: Visitor) -> None:
    assert "There was no run yet" in visitor.text("/runs")
    assert "Nobody was asked for anything" in visitor.text("/runs/hosts")
    assert "There is no run 7" in visitor.text("/runs/7", status=404)


def test_a_run_says_how_its_checks_ended_by_host(visitor: Visitor, lived: Story) -> None:
    lived.site.down()
    lived.check()
    with Store.open_existing(lived.settings.database) as store:
        newest, *_, first = store.runs()
    runs = visitor.page("/runs")
    assert runs.select("tbody th a")[0]["href"] == f"/runs/{newest.run_id}"
    assert "some of it failed" in words(runs)
    assert "2 profiles: 2 ok" in words(runs)
    shown = visitor.text(f"/runs/{newest.run_id}")
    host = lived.site.url("1001").split("/")[2]
    assert f"{host} 2" in shown
    assert "What failed" in shown
    assert "Zoë <b onmouseover=alert(2)>Example</b>" in shown
    assert not visitor.page(f"/runs/{newest.run_id}")(["b", "img"])
    assert "run revert" in visitor.text(f"/runs/{first.run_id}")
    hosts = visitor.text("/runs/hosts")
    assert host in hosts
    today = lived.now.astimezone(UTC).date()
    assert visitor.page(f"/runs/hosts?day={today}").select_one("tbody")
    assert "Nobody was asked" in visitor.text("/runs/hosts?day=2020-01-01")
    assert visitor.get("/runs/hosts?day=today").status_code == 400


def test_a_run_that_was_taken_back_says_so(visitor: Visitor, lived: Story) -> None:
    with Store.open_existing(lived.settings.database) as store:
        run = store.find_run("latest")
        revert(store, lived.settings, run.run_id, lived.now)
    shown = visitor.text(f"/runs/{run.run_id}")
    assert "It was taken back" in shown
    assert "run revert" not in shown
    assert f"took run {run.run_id} back" in visitor.text("/runs")


def test_a_long_list_is_turned_over(visitor: Visitor, story: Story) -> None:
    with Store.open(story.settings.database) as store:
        for _ in range(51):
            store.begin_run("track", story.now)
    first = visitor.page("/runs")
    assert len(first.select("tbody tr")) == 50
    [further] = first.select('a[rel="next"]')
    assert further["href"] == "/runs?before=2"
    assert [row.th.text for row in visitor.page("/runs?before=2").select("tbody tr")] == ["1"]
    assert "not finished" in visitor.text("/runs?before=2")


def test_prefects_own_pages_are_linked_where_one_is_configured(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://me:secret@127.0.0.1:4200/api")
    page = visitor.page("/runs")
    assert [link["href"] for link in page("a") if "4200" in link["href"]] == ["http://127.0.0.1:4200/runs"]
    assert "secret" not in str(page)


def test_a_run_leads_to_its_own_flow_run(visitor: Visitor, lived: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open_existing(lived.settings.database) as store:
        store.note_flow_run("1", "6a0c-11")
    assert "flow-run" not in str(visitor.page("/runs/1"))
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:4200/api")
    links = {
        run: [link["href"] for link in visitor.page(f"/runs/{run}")("a") if "4200" in link["href"]] for run in "12"
    }
    assert links == {"1": ["http://127.0.0.1:4200/runs/flow-run/6a0c-11"], "2": ["http://127.0.0.1:4200/runs"]}
    assert "6a0c" not in visitor.text("/runs/1")
