"""Feeds and files over HTTP: made by the machinery that writes them into folders, sent as they are read."""

import io
import json
import threading
import time
from pathlib import Path

import feedparser
import pytest
from pyarrow import parquet

from flows.export.exporting import export
from flows.export.streaming import piped
from flows.export.wanted import Format, Wanted
from storage.store import Store
from tests.scenarios.story import Story
from tests.web.api.caller import Caller
from tracking.exported import Table


@pytest.mark.usefixtures("lived")
def test_a_feed_has_each_thing_once_as_atom_and_as_json(caller: Caller) -> None:
    parsed = feedparser.parse(caller.get("feeds/all.atom").content)
    assert not parsed.bozo
    listed = caller.json("feeds/all.json")
    assert [entry.id for entry in parsed.entries] == [item["id"] for item in listed["items"]]
    assert len({item["id"] for item in listed["items"]}) == len(listed["items"])
    titles = [item["title"] for item in listed["items"]]
    assert "New paper by Zoë Example: A New Thing" in titles
    assert parsed.feed.links[0].href == "http://127.0.0.1/api/v1/feeds/all.atom"
    assert not any("<script" in item["content_html"] or "<img" in item["content_html"] for item in listed["items"])
    zoe, other = caller.json("feeds/people/1.json")["items"], caller.json("feeds/people/2.json")["items"]
    if not any("Zoë Example: A New" in item["title"] for item in zoe):
        zoe, other = other, zoe
    assert {item["id"] for item in zoe} | {item["id"] for item in other} == {item["id"] for item in listed["items"]}
    assert all("Zoë Example" in item["tags"] for item in zoe)
    papers = caller.json("feeds/rules/new papers.json")["items"]
    assert papers
    assert all("paper.new" in item["tags"] for item in papers)


@pytest.mark.usefixtures("lived")
def test_files_are_those_that_export_writes(story: Story, caller: Caller, tmp_path: Path) -> None:
    def written(form: Format, *tables: Table) -> bytes:
        out = tmp_path / f"file.{form}"
        wanted = Wanted(format=form, out=out, tables=tables or tuple(Table), force=True)
        with Store.open(story.settings.database) as store:
            export(store, wanted, story.now, standard_output=io.BytesIO())
        return out.read_bytes()

    csv = caller.get("exports/papers.csv")
    assert csv.headers["content-type"] == "text/csv; charset=utf-8"
    assert csv.headers["content-disposition"] == 'attachment; filename="papers.csv"'
    assert csv.content == written(Format.CSV, Table.PAPERS)
    assert caller.get("exports/everything.jsonl").content == written(Format.JSONL)
    assert caller.get("exports/papers.bib").content == written(Format.BIBTEX)
    sent = parquet.read_table(io.BytesIO(caller.get("exports/events.parquet").content))
    assert sent.equals(parquet.read_table(io.BytesIO(written(Format.PARQUET, Table.EVENTS))))
    zoe = [
        json.loads(line) for line in caller.get("exports/everything.jsonl?person=1001&table=profiles").text.splitlines()
    ]
    assert [line["key"] for line in zoe[1:-1]] == [["scholarfeed", "1001"]]


def test_no_more_is_in_memory_than_a_pipe_holds() -> None:
    written = 0

    def write(file: io.BufferedWriter) -> None:
        nonlocal written
        for _ in range(200):
            written += file.write(bytes(100_000))

    pieces = piped(write)
    assert next(pieces)
    before = -1
    while written != before:
        # It goes on to write until the pipe is full, whenever that is.
        before = written
        time.sleep(0.2)
    assert written < 1_000_000
    assert len(b"".join(pieces)) > 19_000_000


def test_who_stops_reading_stops_the_writer() -> None:
    ended = threading.Event()

    def write(file: io.BufferedWriter) -> None:
        try:
            while True:
                file.write(bytes(100_000))
        finally:
            ended.set()

    pieces = piped(write)
    next(pieces)
    del pieces
    assert ended.wait(60)


def test_what_goes_wrong_is_raised_where_the_pieces_end() -> None:
    def at_once(_: object) -> None:
        raise ValueError("at once")

    with pytest.raises(ValueError, match="at once"):
        piped(at_once)

    def later(file: io.BufferedWriter) -> None:
        file.write(b"begun")
        raise ValueError("later")

    pieces = piped(later)
    assert next(pieces) == b"begun"
    with pytest.raises(ValueError, match="later"):
        next(pieces)
