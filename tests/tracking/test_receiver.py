"""When a receiver is not tried any more."""

from datetime import UTC, datetime, timedelta

from tracking.receiver import REFUSALS_MAX, ReceiverState

NOW = datetime(2026, 5, 13, 9, 30, tzinfo=UTC)
ME = ReceiverState(name="me")


def refused(state: ReceiverState, times: int = 1, *, fingerprint: str = "f1", **how: bool) -> ReceiverState:
    for _ in range(times):
        state = state.refused("the hook answered 404", NOW, fingerprint=fingerprint, **how)
    return state


def test_three_messages_in_a_row_switch_it_off() -> None:
    assert REFUSALS_MAX == 3
    assert not refused(ME, 2).is_off
    assert refused(ME, 3) == ReceiverState(
        name="me", fingerprint="f1", refusals=3, off_at=NOW, off_reason="the hook answered 404"
    )


def test_one_message_that_is_refused_again_is_one() -> None:
    assert refused(refused(ME), 9, again=True).refusals == 1
    # It was refused before something was taken, or by another configuration.
    assert refused(ME, again=True).refusals == 1


def test_one_that_is_gone_is_off_at_once() -> None:
    assert refused(ME, gone=True).is_off
    assert refused(ME, gone=True, again=True).is_off


def test_another_configuration_begins_anew() -> None:
    assert refused(refused(ME, 2), fingerprint="f2").refusals == 1
    assert refused(refused(ME, 2), fingerprint="f2", again=True).refusals == 1


def test_it_rests_until_the_time_that_it_asked_for() -> None:
    resting = ME.resting(NOW + timedelta(hours=1))
    assert resting.is_resting(NOW)
    assert not resting.is_resting(NOW + timedelta(hours=1))
    assert not ME.is_resting(NOW)
