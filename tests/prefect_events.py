"""What a real Prefect server has heard of, and one that seems to be deaf: it answers, and takes no events."""

import asyncio
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.prefect_server import PrefectServer

_PIECE = 65_536


def heard(server: PrefectServer, people: Collection[str]) -> list[dict[str, Any]]:
    """The events of this program about these people, the oldest first."""
    # Other tests tell the same server of hundreds of others.
    about = {"labels": {"prefect.resource.name": sorted(people)}}
    asked = {"filter": {"event": {"prefix": ["scholarwatch."]}, "resource": about, "order": "ASC"}, "limit": 50}
    answer = httpx.post(f"{server.api}/events/filter", json=asked, verify=False)
    answer.raise_for_status()
    return list(answer.json()["events"])


def heard_in_time(
    server: PrefectServer, people: Collection[str], number: int, seconds: float = 90
) -> list[dict[str, Any]]:
    """The events, once there are so many: a server writes them down a few seconds after it has taken them."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = heard(server, people)
        if len(found) >= number:
            return found
        time.sleep(0.3)
    pytest.fail(f"of {number} events the server had heard of {len(heard(server, people))} after {seconds:g} s")


@contextmanager
def deaf(server: PrefectServer) -> Iterator[PrefectServer]:
    """The server behind a door that lets everything through but events."""
    host, port = urlsplit(server.api).hostname, urlsplit(server.api).port

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            if b"/events/in" not in head.split(b"\r\n", 1)[0]:
                to_server, to = await asyncio.open_connection(host, port)
                to.write(head)
                await asyncio.gather(_pass_on(reader, to), _pass_on(to_server, writer))
        except (OSError, asyncio.IncompleteReadError):
            """The client has left."""
        finally:
            writer.close()

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    door = asyncio.run_coroutine_threadsafe(asyncio.start_server(serve, "127.0.0.1", 0), loop).result()
    api = f"http://127.0.0.1:{door.sockets[0].getsockname()[1]}/api"
    try:
        yield PrefectServer(api, server.environment | {"PREFECT_API_URL": api})
    finally:
        asyncio.run_coroutine_threadsafe(_end(door), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while piece := await reader.read(_PIECE):
        writer.write(piece)
        await writer.drain()
    writer.close()


async def _end(door: asyncio.Server) -> None:
    door.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
