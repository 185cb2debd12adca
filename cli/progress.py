"""A bar on standard error while something goes on, where somebody looks at it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: Called with how many there are, and how many are done.
Progress = Callable[[int, int], None]


@contextmanager
def progress_bar(doing: str) -> Iterator[Progress | None]:
    """``doing`` stands before the bar; None where standard error is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(doing, total=None)
        yield lambda total, done: bar.update(task, total=total, completed=done)
