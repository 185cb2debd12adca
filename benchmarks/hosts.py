"""What a profile's check costs by the number of hosts: each profile is at a host of its own.

    python -m benchmarks.hosts [--hosts 100 1000 3000]

Hosts are ports of this machine, served by a process of its own. Pages are small (three papers, none of them on two
pages), so that what hosts cost shows: connections, turns, robots.txt. CPU time of the run and its workers.
"""

import argparse
import asyncio
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from benchmarks.contest.measured import cost_of
from benchmarks.made_up import FIRST_DAY, profile
from world.markup import Style, render_page

_PAPERS = 3
_ROBOTS = b"User-agent: *\nAllow: /\n"


def main() -> None:
    options = _options()
    if options.serve:
        asyncio.run(_serve(options.serve))
        return
    first: dict[str, float] = {}
    for hosts in options.hosts:
        with TemporaryDirectory(prefix="scholarwatch-bench-") as folder, _served(hosts) as ports:
            for phase, cost in _phases(Path(folder), ports):
                ms = 1000 * cost / hosts
                first.setdefault(phase, ms)
                print(f"{hosts:6} hosts, {phase:<18} {ms:6.1f} ms, {ms / first[phase]:.2f} of the first", flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, nargs="+", default=[100, 1000, 3000])
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


def _phases(folder: Path, ports: list[int]) -> Iterator[tuple[str, float]]:
    """Each phase with the CPU seconds that it takes beyond a run that has nothing to do."""
    people = [
        {"profiles": [{"url": f"http://127.0.0.1:{port}/author/{port}", "source": "scholarfeed"}]} for port in ports
    ]
    config = {"people": people, "receivers": {"log": {"file": "alerts.jsonl"}}}
    (folder / "scholarwatch.yaml").write_text(yaml.safe_dump(config), "utf-8")
    environment = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
    program = str(Path(sys.executable).with_name("scholarwatch"))

    def run(day: int) -> float:
        now = FIRST_DAY + timedelta(days=day)
        return cost_of([program, "run", "--now", now.isoformat(), "--json"], folder, environment).cpu_seconds

    costs = {"first sight": run(0), "not modified (304)": run(1)}
    nothing_to_do = run(1)
    for phase, cost in costs.items():
        yield phase, cost - nothing_to_do


@contextmanager
def _served(hosts: int) -> Iterator[list[int]]:
    command = [sys.executable, "-m", "benchmarks.hosts", "--serve", str(hosts)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            ports = [int(port) for port in process.stdout.readline().split()]
            if len(ports) != hosts:
                raise SystemExit(f"{hosts} hosts cannot be served here")
            yield ports
        finally:
            process.terminate()


async def _serve(hosts: int) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    servers = [await asyncio.start_server(_answer, "127.0.0.1", 0) for _ in range(hosts)]
    print(*(server.sockets[0].getsockname()[1] for server in servers), flush=True)
    await asyncio.gather(*(server.serve_forever() for server in servers))


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            writer.write(_whole(head, writer.get_extra_info("sockname")[1]))
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        return
    finally:
        writer.close()


def _whole(head: bytes, port: int) -> bytes:
    if b"/robots.txt" in head:
        status, kind, body = "200 OK", "text/plain", _ROBOTS
    elif b"if-none-match" in head.lower():
        return b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'
    else:
        shown = render_page(profile(port, papers=_PAPERS), FIRST_DAY.date(), Style())
        status, kind, body = "200 OK", "text/html; charset=utf-8", shown.encode()
    lines = [f"HTTP/1.1 {status}", 'ETag: "1"', f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


if __name__ == "__main__":
    main()
