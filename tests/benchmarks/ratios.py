"""How much more work something is than a bare minimum, whatever machine this is.

>>> assert least_ratio(lambda: parse(page), lambda: BeautifulSoup(page, "lxml")) < 1.8

Both are done in turns, in CPU time. Neighbours make either of them slower now and then: the least of each counts.
"""

import gc
from collections.abc import Callable
from time import process_time

_LEAST_TURNS, _TURNS = 3, 8


def least_ratio(
    work: Callable[[], object],
    floor: Callable[[], object],
    *,
    enough: float = 0.0,
    clock: Callable[[], float] = process_time,
) -> float:
    """The ratio after some turns; no more turns than it takes to come below ``enough``.

    ``clock`` is `time.thread_time` where other threads of this process do what is not to be counted.
    """
    bare = ours = float("inf")
    for turn in range(_TURNS):
        bare = min(bare, _seconds(floor, clock))
        ours = min(ours, _seconds(work, clock))
        if turn + 1 >= _LEAST_TURNS and ours / bare < enough:
            break
    return ours / bare


def _seconds(work: Callable[[], object], clock: Callable[[], float]) -> float:
    # When the collector comes is chance, and what it then looks through is what other tests have left.
    gc.collect()
    gc.disable()
    try:
        began = clock()
        work()
        return clock() - began
    finally:
        gc.enable()
