"""How a message fails, and when it is tried again."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from threading import Event

import pytest

from alerts.delivery import DeliveryError, Receiver, next_try
from alerts.message import Message
from alerts.schedule import Schedule
from tests.alerts.examples import NOW, message, paper_item


def tried_at(chance: float) -> list[datetime]:
    """When a message is tried that always fails."""
    times = [NOW]
    while (again := next_try(len(times), times[-1], chance=chance)) is not None:
        times.append(again)
    return times


@pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
def test_seven_tries_over_about_two_days(chance: float) -> None:
    times = tried_at(chance)
    pauses = [later - earlier for earlier, later in pairwise(times)]
    assert len(times) == 7
    assert pauses == sorted(pauses)
    assert timedelta(hours=36) < times[-1] - NOW < timedelta(hours=55)


def test_chance_makes_a_pause_a_fifth_shorter_or_longer() -> None:
    hour = timedelta(hours=1)
    pauses = [next_try(3, NOW, chance=chance) for chance in (0.0, 0.5, 1.0)]
    assert pauses == [NOW + 0.8 * hour, NOW + hour, NOW + 1.2 * hour]


def test_none_after_the_last() -> None:
    assert next_try(7, NOW) is None
    assert next_try(100, NOW) is None
    assert next_try(7, NOW, rest=timedelta(hours=1)) is None


def test_a_receiver_is_left_alone_for_as_long_as_it_asks_and_no_less_than_otherwise() -> None:
    assert next_try(1, NOW, rest=timedelta(hours=3)) == NOW + timedelta(hours=3)
    assert next_try(1, NOW, rest=timedelta(seconds=1)) == NOW + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("seconds", "rest"),
    [(None, None), (90, timedelta(seconds=90)), (-5, timedelta(0)), (1e15, timedelta(days=7))],
)
def test_the_rest_that_a_receiver_asks_for(seconds: float | None, rest: timedelta | None) -> None:
    assert DeliveryError("busy", retry_after_seconds=seconds).rest == rest


def test_what_is_gone_refuses_for_good() -> None:
    assert DeliveryError("gone", gone=True).permanent
    assert not DeliveryError("busy").permanent


@dataclass(slots=True)
class Hanging:
    released: Event = field(default_factory=Event)
    limit_seconds: float = 0.01

    def send(self, message: Message) -> None:
        del message
        self.released.wait()


def test_a_channel_that_hangs_fails() -> None:
    channel = Hanging()
    with pytest.raises(DeliveryError, match=r"^no answer within 0\.01 s$"):
        Receiver("me", Schedule(), channel).send(message(paper_item()))
    channel.released.set()
