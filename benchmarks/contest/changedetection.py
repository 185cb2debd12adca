"""changedetection.io: a server, told over its API to look at everything again.

Ten workers, which is more than its default of five; its own database folder; no browser. The two pages of the internet
that it watches by itself are taken off its list.
"""

import json
import os
import subprocess
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.contest.contestant import installed
from benchmarks.contest.measured import Cost, CouldNotRun, cpu_seconds_of, peak_memory, size_of

_PORT = 4311
_API = f"http://127.0.0.1:{_PORT}/api/v1"
_LOOKS_EVERY_SECONDS = 0.5
_LONGEST_START_SECONDS = 120
#: For all pages together; they are a few hundred milliseconds each.
_LONGEST_LOOK_SECONDS = 1800
_ENVIRONMENT = {
    "DEFAULT_SETTINGS_REQUESTS_WORKERS": "10",
    "FETCH_WORKERS": "10",
    "ALLOW_IANA_RESTRICTED_ADDRESSES": "true",
    "DISABLE_VERSION_CHECK": "true",
    "LOGGER_LEVEL": "ERROR",
}


class _Failed(CouldNotRun):
    """A question to it came to nothing."""


class Changedetection:
    name = "changedetection.io"
    says = "lines of text that differ"

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self._server: subprocess.Popen[bytes] | None = None

    def begin(self, folder: Path, urls: Sequence[str]) -> None:
        self._folder = folder / "datastore"
        self._folder.mkdir()
        program = str(installed("changedetection.io", self._programs) / "changedetection.io")
        with (folder / "output").open("wb") as stream:
            self._server = subprocess.Popen(
                [program, "-C", "-h", "127.0.0.1", "-p", str(_PORT), "-d", str(self._folder)],
                env=os.environ | _ENVIRONMENT,
                stdout=stream,
                stderr=subprocess.STDOUT,
            )
        self._wait_until_it_answers()
        for watch_id in self._ask("/watch"):
            self._ask(f"/watch/{watch_id}", method="DELETE")
        self._urls = list(urls)
        self._begun = False

    def look(self, day: int) -> Cost:  # noqa: ARG002  -- its clock is the machine's
        assert self._server is not None
        pid = self._server.pid
        # It counts whole seconds: what it did in this one must not pass for what it is asked to do now.
        time.sleep(1.1)
        since, started, cpu_before = int(time.time()), time.perf_counter(), cpu_seconds_of(pid)
        with peak_memory(pid) as peak:
            if self._begun:
                self._ask("/watch?recheck_all=1")
            else:
                self._ask("/import", "\n".join(self._urls))
                self._begun = True
            self._wait_until_all_are_seen(since)
        return Cost(
            wall_seconds=time.perf_counter() - started,
            cpu_seconds=cpu_seconds_of(pid) - cpu_before,
            peak_bytes=max(peak),
        )

    def disk_bytes(self) -> int:
        return size_of(path for path in (self._folder,))

    def end(self) -> None:
        if self._server is not None:
            self._server.terminate()
            self._server.wait()
            self._server = None

    def _wait_until_it_answers(self) -> None:
        assert self._server is not None
        deadline = time.monotonic() + _LONGEST_START_SECONDS
        while time.monotonic() < deadline and self._server.poll() is None:
            try:
                self._ask("/watch")
            except CouldNotRun:
                time.sleep(_LOOKS_EVERY_SECONDS)
            else:
                return
        raise CouldNotRun("changedetection.io does not answer")

    def _wait_until_all_are_seen(self, since: int) -> None:
        deadline = time.monotonic() + _LONGEST_LOOK_SECONDS
        while time.monotonic() < deadline:
            watches = self._watches()
            if len(watches) >= len(self._urls) and all(watch["last_checked"] >= since for watch in watches):
                if wrong := next((watch["last_error"] for watch in watches if watch["last_error"]), None):
                    raise CouldNotRun(f"changedetection.io could not read a page: {wrong}"[:200])
                return
            time.sleep(_LOOKS_EVERY_SECONDS)
        raise CouldNotRun(f"changedetection.io was not done after {_LONGEST_LOOK_SECONDS} s")

    def _watches(self) -> list[dict[str, Any]]:
        """All that it watches; none when it fails to say so, as it does now and then while it works."""
        try:
            return list(self._ask("/watch").values())
        except _Failed:
            return []

    def _ask(self, path: str, body: str | None = None, *, method: str | None = None) -> Any:
        settings = next(iter(self._folder.glob("changedetection.json")), self._folder / "url-watches.json")
        if not settings.exists():
            raise CouldNotRun("changedetection.io has not written its settings")
        token = json.loads(settings.read_text("utf-8"))["settings"]["application"]["api_access_token"]
        headers = {"x-api-key": token, "content-type": "text/plain"}
        request = urllib.request.Request(
            _API + path, data=body.encode() if body else None, headers=headers, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.loads(answer.read() or b"null")
        except OSError as error:
            raise _Failed(f"changedetection.io: {error}") from error
