"""The imitation site in a process of its own, as benchmarks use it: pages as large as real ones, never any trouble."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

PAGE_KB = 143
PAPERS = 50


@contextmanager
def served_site(researchers: int) -> Iterator[str]:
    """The site's address while it is up; all of its pages are printed before the first request."""
    command = [sys.executable, "-m", "world.site", "--researchers", str(researchers), "--papers", str(PAPERS)]
    command += ["--pages-kb", str(PAGE_KB), "--no-trouble"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def ask(url: str) -> str:
    """What is answered at a URL, as text. Raises OSError."""
    with urllib.request.urlopen(url, timeout=120) as answer:
        return str(answer.read().decode())


def profile_urls(root: str) -> list[str]:
    """The addresses of all profiles of a site."""
    return list(json.loads(ask(f"{root}/_world/urls")).values())


def asked_so_far(root: str) -> dict[str, int]:
    """How often the site has answered for a profile, by status."""
    counts: dict[str, int] = json.loads(ask(f"{root}/_world/asked"))
    return counts
