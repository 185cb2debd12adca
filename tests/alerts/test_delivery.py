"""When a message that failed is tried again."""

from datetime import timedelta

from alerts.delivery import next_try
from tests.alerts.examples import NOW


def test_seven_tries_over_about_two_days() -> None:
    tries, now = [], NOW
    while (again := next_try(len(tries) + 1, now)) is not None:
        tries.append(again - now)
        now = again
    assert tries == sorted(tries)
    assert len(tries) + 1 == 7
    assert tries[0] == timedelta(minutes=1)
    assert timedelta(hours=42) < now - NOW < timedelta(hours=54)


def test_none_after_the_last() -> None:
    assert next_try(7, NOW) is None
    assert next_try(100, NOW) is None
