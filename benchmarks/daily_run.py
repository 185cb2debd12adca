"""How long the daily run takes, what it holds in memory, and what it leaves on disk.

    python benchmarks/daily_run.py [--profiles 1000] [--prefect]

The site is a process of its own on the same machine, so its CPU time is not in the figures but its load is.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import yaml

from benchmarks.served import PAGE_KB, PAPERS, ask, profile_urls, served_site

FIRST_DAY = datetime(2026, 11, 22, 9, tzinfo=UTC)
AIMS = {"first sight": 15.0, "nothing changed": 5.0, "one number changed": 12.0}
SCHOLARWATCH = str(Path(sys.executable).with_name("scholarwatch"))
PREFECT = str(Path(sys.executable).with_name("prefect"))


def main() -> None:
    options = _options()
    with TemporaryDirectory(prefix="scholarwatch-bench-") as folder:
        environment = os.environ | {"PREFECT_HOME": f"{folder}/prefect", "DO_NOT_TRACK": "1"}
        environment.pop("PREFECT_API_URL", None)
        with served_site(options.profiles) as root:
            print(f"{options.profiles} profiles, {PAGE_KB} KB and {PAPERS} papers each, {os.cpu_count()} cores")
            plain = _three_phases(Path(folder) / "plain", root, environment, "plain")
            _reading_verbs(Path(folder) / "plain", environment)
        if options.prefect:
            with served_site(options.profiles) as root, _prefect_server(environment) as api:
                through = environment | {"PREFECT_API_URL": api}
                # The first flow run of a server's life loads what later ones find loaded.
                _run_once(Path(folder) / "warm-up", root, through)
                flows = _three_phases(Path(folder) / "flows", root, through, "through Prefect")
            for phase, seconds in flows.items():
                print(f"Prefect adds to {phase}: {seconds - plain[phase]:+.1f} s (aim: at most 4 s)")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--profiles", type=int, default=1000)
    parser.add_argument("--prefect", action="store_true", help="measure also through a Prefect server")
    return parser.parse_args()


def _three_phases(folder: Path, root: str, environment: dict[str, str], label: str) -> dict[str, float]:
    _write_config(folder, root)
    walls: dict[str, float] = {}
    for day, (phase, aim) in enumerate(AIMS.items()):
        if phase == "one number changed":
            ask(f"{root}/_world/cite")
        now = FIRST_DAY + timedelta(days=day)
        cpu_before = resource.getrusage(resource.RUSAGE_CHILDREN)
        started = time.perf_counter()
        outcome, peak = _run(folder, now, environment)
        walls[phase] = time.perf_counter() - started
        cpu = _cpu_seconds(cpu_before, resource.getrusage(resource.RUSAGE_CHILDREN))
        print(
            f"{label:<16} {phase:<19} {walls[phase]:6.1f} s wall (aim {aim:g}), {cpu:5.1f} s CPU, "
            f"{peak / 1e6:4.0f} MB peak, database {_size(folder) / 1e6:5.1f} MB, {outcome}"
        )
    return walls


def _run(folder: Path, now: datetime, environment: dict[str, str]) -> tuple[str, int]:
    """One run as a process of its own; its outcomes, and the most memory that it and its workers held at once."""
    command = [SCHOLARWATCH, "run", "--now", now.isoformat(), "--json"]
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        peaks = [0]
        watcher = threading.Thread(target=_watch_memory, args=(process, peaks))
        watcher.start()
        stdout, stderr = process.communicate()
        watcher.join()
    if process.returncode != 0:
        raise SystemExit(f"{command} ended with {process.returncode}:\n{stderr}")
    return json.dumps(json.loads(stdout)["track"]["outcomes"]), max(peaks)


def _run_once(folder: Path, root: str, environment: dict[str, str]) -> None:
    _write_config(folder, root, at_most=1)
    _run(folder, FIRST_DAY, environment)
    shutil.rmtree(folder)


def _watch_memory(process: "subprocess.Popen[str]", peaks: list[int]) -> None:
    """Proportional set sizes: memory that processes share is counted once."""
    while process.poll() is None:
        total = 0
        try:
            tree = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
        except psutil.NoSuchProcess:
            return
        for member in tree:
            try:
                total += member.memory_full_info().pss
            except psutil.Error:
                continue
        peaks.append(total)
        time.sleep(0.25)


def _reading_verbs(folder: Path, environment: dict[str, str]) -> None:
    people = subprocess.run(
        [SCHOLARWATCH, "people", "--json"], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    key = json.loads(people.stdout.splitlines()[0])["profiles"][0]["url"]
    for verb in (["--help"], ["events"], ["show", key]):
        seconds = []
        for _ in range(5):
            started = time.perf_counter()
            subprocess.run([SCHOLARWATCH, *verb], cwd=folder, env=environment, capture_output=True, check=True)
            seconds.append(time.perf_counter() - started)
        print(f"scholarwatch {verb[0]:<8} {statistics.median(seconds):.2f} s median of 5 (aim 0.5)")


def _write_config(folder: Path, root: str, *, at_most: int | None = None) -> None:
    folder.mkdir()
    urls = profile_urls(root)[:at_most]
    people = [{"profiles": [{"url": url, "source": "scholarfeed"}]} for url in urls]
    config = {"people": people, "receivers": {"log": {"file": "alerts.jsonl"}}}
    (folder / "scholarwatch.yaml").write_text(yaml.safe_dump(config), "utf-8")


@contextmanager
def _prefect_server(environment: dict[str, str]) -> Iterator[str]:
    """A Prefect server of this run's own; the address of its API."""
    port = 4299
    command = [PREFECT, "server", "start", "--host", "127.0.0.1", "--port", str(port), "--no-ui"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(f"http://127.0.0.1:{port}/api/health")
            yield f"http://127.0.0.1:{port}/api"
        finally:
            process.terminate()


def _wait_for(url: str, seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            ask(url)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit(f"{url} did not answer within {seconds:g} s")


def _cpu_seconds(before: resource.struct_rusage, after: resource.struct_rusage) -> float:
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("scholarwatch.db*"))


if __name__ == "__main__":
    main()
