"""How much more work something is than a bare minimum, whatever machine this is.

>>> assert least_ratio(lambda: parse(page), lambda: BeautifulSoup(page, "lxml")) < 1.8

Both are done in turns, in CPU time. Neighbours make either of them slower now and then, so the turn counts in which the
ratio was best.
"""

from collections.abc import Callable
from time import process_time

_TURNS = 7


def least_ratio(
    work: Callable[[], object],
    floor: Callable[[], object],
    *,
    enough: float = 0.0,
    clock: Callable[[], float] = process_time,
) -> float:
    """The least ratio of some turns; no more turns than it takes to come below ``enough``.

    ``clock`` is `time.thread_time` where other threads of this process do what is not to be counted.
    """
    least = float("inf")
    for _ in range(_TURNS):
        bare = _seconds(floor, clock)
        least = min(least, _seconds(work, clock) / (bare + _seconds(floor, clock)) * 2)
        if least < enough:
            break
    return least


def _seconds(work: Callable[[], object], clock: Callable[[], float]) -> float:
    began = clock()
    work()
    return clock() - began
