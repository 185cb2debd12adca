"""A real web archive on 127.0.0.1: pywb over WARC files that a test wrote.

>>> write_warc(folder / "a.warc.gz", [first := WarcCapture(at=january, url=url, body=b"<html>…"), first.again(february)])
>>> with start_archive([folder / "a.warc.gz"], folder) as base_url:
...     settings = for_archive(base_url, user_agent="…")

pywb lives in an environment of its own, which ``./run.sh test`` makes.
"""

import base64
import hashlib
import os
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import Self

import httpx
import pytest
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.prefect_server import running

BIN = Path(__file__).parents[1] / ".venv" / "pywb" / "bin"
COLLECTION = "profiles"


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcCapture:
    """An answer that a crawler got. ``body`` is written as it is: encode it as ``headers`` say.

    A revisit without headers says nothing of its own answer; archives then show those of the first.
    """

    at: datetime
    url: str
    body: bytes = field(default=b"", repr=False)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "text/html; charset=utf-8"})
    #: Written as a revisit record: the body is not stored again, but that of this capture is named.
    revisits: "WarcCapture | None" = None

    def again(self, at: datetime) -> Self:
        """The same bytes, met again."""
        return replace(self, at=at, revisits=self.revisits or self)

    @property
    def digest(self) -> str:
        """SHA-1 in Base32, as indexes show it."""
        return base64.b32encode(hashlib.sha1(self.body, usedforsecurity=False).digest()).decode()


def write_warc(path: Path, captures: Iterable[WarcCapture], *, gzip: bool = True) -> Path:
    """A WARC file of response and revisit records, in the order of the captures."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=gzip)
        for capture in captures:
            writer.write_record(_record(writer, capture))
    return path


def _record(writer: WARCWriter, capture: WarcCapture) -> ArcWarcRecord:
    status = f"{capture.status} {HTTPStatus(capture.status).phrase}"
    headers = StatusAndHeaders(status, list(capture.headers.items()), "HTTP/1.1") if capture.headers else None
    dated = {"WARC-Date": _warc_date(capture.at)}
    if capture.revisits is None:
        return writer.create_warc_record(
            capture.url,
            "response",
            payload=BytesIO(capture.body),
            length=len(capture.body),
            http_headers=headers,
            warc_headers_dict=dated,
        )
    first = capture.revisits
    return writer.create_revisit_record(
        capture.url,
        f"sha1:{first.digest}",
        first.url,
        _warc_date(first.at),
        http_headers=headers,
        warc_headers_dict=dated,
    )


@contextmanager
def start_archive(warcs: Iterable[Path], folder: Path) -> Iterator[str]:
    """Serve these WARC files until the block ends. Gives the URL of the collection; skips where pywb is not there.

    ``folder`` is where pywb keeps its copy of them, and its log.
    """
    if not (BIN / "wayback").exists():
        pytest.skip("pywb is not there: ./run.sh test installs it into .venv/pywb")
    environment = os.environ | {"PYTHONWARNINGS": "ignore"}
    for command in (["init", COLLECTION], ["add", COLLECTION, *(str(warc.resolve()) for warc in warcs)]):
        subprocess.run([BIN / "wb-manager", *command], cwd=folder, env=environment, check=True, capture_output=True)
    port = _free_port()
    log = folder / "wayback.log"
    with running([str(BIN / "wayback"), "-b", "127.0.0.1", "-p", str(port)], environment, log, cwd=folder):
        base_url = f"http://127.0.0.1:{port}/{COLLECTION}"
        _wait_until_it_answers(f"{base_url}/cdx?url=about:blank", log)
        yield base_url


def _warc_date(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_it_answers(url: str, log: Path, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if httpx.get(url, timeout=5, verify=False).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    pytest.fail(f"pywb did not answer within {seconds:g} s:\n{log.read_text()[-2000:]}")
