"""A web of scripted answers behind a real `Fetcher`, in virtual time.

>>> web = Web()
>>> web.at("https://www.example.org/robots.txt", says(404))
>>> web.at("https://www.example.org/author/1", says(503), says(200, "<html>"))    # the first time, and from then on
>>> answer = await fetcher.get(...)
>>> web.asked
[(0.0, "https://www.example.org/robots.txt"), (0.0, "https://www.example.org/author/1")]
"""

import asyncio
from collections.abc import Callable, Iterator
from itertools import chain, repeat

import httpx

#: Answers a request, or raises what the network would.
Says = Callable[[httpx.Request], httpx.Response]


class Web:
    """Every URL that nothing was said about answers 404; remembers who asked when, in seconds since the beginning."""

    def __init__(self) -> None:
        self.asked: list[tuple[float, str]] = []
        self.requests: list[httpx.Request] = []
        self._scripts: dict[str, Iterator[Says]] = {}

    def at(self, url: str, *answers: Says) -> str:
        """Give these answers at this URL, one after another, the last for ever. Returns the URL."""
        self._scripts[url] = chain(answers, repeat(answers[-1]))
        return url

    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._answer)

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append((round(asyncio.get_running_loop().time(), 3), str(request.url)))
        self.requests.append(request)
        await asyncio.sleep(0)  # as on any network, others go on meanwhile
        return next(self._scripts.get(str(request.url), repeat(says(404))))(request)


def says(status: int, body: str | bytes = "", **headers: str) -> Says:
    """An answer; ``_`` in a header's name stands for ``-``."""
    content = body.encode() if isinstance(body, str) else body
    sent = {name.replace("_", "-"): value for name, value in headers.items()}

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(status, headers=sent, stream=httpx.ByteStream(content))

    return answer


def breaks_off(request: httpx.Request) -> httpx.Response:
    """No answer."""
    raise httpx.ConnectError("connection refused", request=request)
