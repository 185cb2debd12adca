"""What it costs to run something: time on the clock, CPU time of all its processes, memory, disk."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

_LOOKS_EVERY_SECONDS = 0.2


class CouldNotRun(Exception):  # noqa: N818  -- an outcome of the benchmark, with its reason
    """A contestant did not do what it should; the reason in one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """``wall_seconds`` on the clock, ``cpu_seconds`` of all processes, ``peak_bytes`` that they held at once."""

    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int


def cost_of(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command in a folder to its end. Raises CouldNotRun where it exits with anything but 0."""
    cpu_file, output = folder / "cpu.json", folder / "output"
    whole = [sys.executable, "-m", "benchmarks.contest.whole_tree", str(cpu_file), *command]
    started = time.perf_counter()
    with output.open("wb") as stream:
        process = subprocess.Popen(whole, cwd=folder, env=environment, stdout=stream, stderr=subprocess.STDOUT)
        with peak_memory(process.pid, but_itself=True) as peak:
            code = process.wait()
    wall = time.perf_counter() - started
    if code != 0:
        last = output.read_text("utf-8", "replace").strip().splitlines()[-1:]
        raise CouldNotRun(f"{Path(command[0]).name} ended with {code}: {' '.join(last)[:200]}")
    return Cost(wall_seconds=wall, cpu_seconds=json.loads(cpu_file.read_text("utf-8")), peak_bytes=max(peak))


@contextmanager
def peak_memory(pid: int, *, but_itself: bool = False) -> Iterator[list[int]]:
    """The most that a process and its descendants held at once, in bytes: the greatest of this list, at the end.

    Proportional set sizes: memory that processes share is counted once.
    """
    held = [0]
    over = threading.Event()

    def look() -> None:
        while not over.wait(_LOOKS_EVERY_SECONDS):
            held.append(sum(_proportional_size(member) for member in tree(pid, but_itself=but_itself)))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield held
    finally:
        over.set()
        watcher.join()


def tree(pid: int, *, but_itself: bool = False) -> list[psutil.Process]:
    """The processes that descend from one, and without ``but_itself`` that one."""
    try:
        root = psutil.Process(pid)
        return [*([] if but_itself else [root]), *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def cpu_seconds_of(pid: int) -> float:
    """What a living process and its descendants have used so far, those that have ended included."""
    total = 0.0
    for member in tree(pid):
        try:
            times = member.cpu_times()
        except psutil.Error:
            continue
        total += times.user + times.system
    root = psutil.Process(pid).cpu_times()
    return total + float(root.children_user) + float(root.children_system)


def size_of(paths: Iterator[Path]) -> int:
    """What files, or all files in folders, take on the disk, in bytes."""
    files = (file for path in paths for file in (path.rglob("*") if path.is_dir() else [path]))
    return sum(file.stat().st_size for file in files if file.is_file())


def _proportional_size(member: psutil.Process) -> int:
    try:
        return int(member.memory_full_info().pss)
    except psutil.Error:
        return 0
