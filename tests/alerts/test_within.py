"""Work that may hang."""

from threading import Event

import pytest

from alerts.within import TooLongError, within


def test_what_the_work_gives() -> None:
    assert within(30, lambda: None) is None
    assert within(30, lambda: 7) == 7


@pytest.mark.parametrize("error", [ValueError, TimeoutError, SystemExit])
def test_what_the_work_raises(error: type[BaseException]) -> None:
    def work() -> None:
        raise error("its own")

    with pytest.raises(error, match="its own"):
        within(30, work)


def test_work_that_hangs_is_left_behind_and_goes_on() -> None:
    released, ended = Event(), Event()

    def work() -> None:
        released.wait()
        ended.set()

    with pytest.raises(TooLongError):
        within(0.01, work)
    assert not ended.is_set()
    released.set()
    assert ended.wait(30)
