"""Parsing in a thread and in worker processes."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import psutil
import pytest

from flows.parsing import Parsing
from scrapers.parse import parse_page
from tracking.check import Failure, Outcome, Page, Parsed
from world.papers import papers
from world.site import Site

DAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def page() -> Page:
    with Site() as site:
        key = site.author("Ada Example", papers(3, before=DAY), h_index=2)
        body = site.text_copy(key).encode()
    return Page(url="http://127.0.0.1/author/1", status=200, headers={"content-type": "text/plain"}, body=body)


@pytest.mark.parametrize("profiles", [1, 1000], ids=["thread", "processes"])
def test_every_page_is_read_as_it_is_alone(page: Page, profiles: int) -> None:
    unreadable = Page(url="http://127.0.0.1/x", status=200, headers={"content-type": "text/plain"}, body=b"?")

    async def parse_all() -> list[Parsed | Failure]:
        async with Parsing(profiles) as parsing:
            pages = [page, unreadable] * 15
            return list(await asyncio.gather(*(parsing.parse("scholarfeed", each, DAY) for each in pages)))

    answers = asyncio.run(parse_all())
    assert answers[::2] == [parse_page("scholarfeed", page, DAY)] * 15
    assert {answer.outcome for answer in answers[1::2] if isinstance(answer, Failure)} == {Outcome.PARSE_FAILED}


def workers_of(pid: int) -> list[psutil.Process]:
    """The processes that parse: those that the fork server has started."""
    return [child for child in psutil.Process(pid).children(recursive=True) if child.parent() != psutil.Process(pid)]


def test_ctrl_c_does_not_reach_the_workers(page: Page) -> None:
    """It goes to the whole process group; a worker torn from its work would leave the run waiting for ever."""

    async def interrupted() -> list[Parsed | Failure]:
        async with Parsing(1000) as parsing:
            await asyncio.gather(*(parsing.parse("scholarfeed", page, DAY) for _ in range(30)))
            workers = workers_of(os.getpid())
            assert workers
            for worker in workers:
                worker.send_signal(signal.SIGINT)
            return list(await asyncio.gather(*(parsing.parse("scholarfeed", page, DAY) for _ in range(30))))

    assert asyncio.run(interrupted()) == [parse_page("scholarfeed", page, DAY)] * 30


def test_workers_end_with_a_killed_parent(page: Page, tmp_path: Path) -> None:
    program = tmp_path / "parent.py"
    program.write_text(
        "import asyncio, sys, time\n"
        "from datetime import date\n"
        "from pathlib import Path\n"
        "from flows.parsing import Parsing\n"
        "from scrapers.parse import saved_page\n"
        "async def main():\n"
        "    async with Parsing(1000) as parsing:\n"
        "        page = saved_page(Path(sys.argv[1]))\n"
        "        await asyncio.gather(*(parsing.parse('scholarfeed', page, date(2026, 11, 22)) for _ in range(30)))\n"
        "        print('ready', flush=True)\n"
        "        time.sleep(600)\n"
        "if __name__ == '__main__':\n"
        "    asyncio.run(main())\n"
    )
    saved = tmp_path / "page.txt"
    saved.write_bytes(page.body)
    with subprocess.Popen([sys.executable, str(program), str(saved)], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "ready\n"
        workers = workers_of(parent.pid)
        assert workers
        parent.kill()
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and any(worker.is_running() for worker in workers):
        time.sleep(0.05)
    assert not [worker for worker in workers if worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE]
