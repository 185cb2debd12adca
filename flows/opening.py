"""To whom something may go out at one time, and how much."""

from collections.abc import Collection, Iterable
from datetime import datetime

from alerts.delivery import Receiver
from alerts.figures import moment
from alerts.rules import Every
from flows.manifest import ClosedReceiver
from storage.store import Store
from tracking.alert import Allowance
from tracking.receiver import ReceiverState


def known_states(
    store: Store, receivers: Iterable[Receiver], withheld: Collection[str] = ()
) -> dict[str, ReceiverState]:
    """By name, how each receiver stands. One that is off and is configured otherwise now is switched on again.

    Of those ``withheld`` nobody knows how they are configured.
    """
    stored = store.receiver_states()
    states = {}
    for receiver in receivers:
        state = stored.get(receiver.name, ReceiverState(name=receiver.name))
        if state.is_off and receiver.name not in withheld and state.fingerprint != receiver.fingerprint():
            store.switch_on(receiver.name)
            state = ReceiverState(name=receiver.name)
        states[receiver.name] = state
    return states


def closed(
    receiver: Receiver, state: ReceiverState, now: datetime, withheld: Collection[str] = ()
) -> ClosedReceiver | None:
    """Why nothing goes out to a receiver now; None where it may. Of those ``withheld`` the secrets are not known."""
    if receiver.name in withheld:
        why = "the configuration is broken, and of a secret that stands in it in clear no copy is kept"
        return ClosedReceiver(receiver=receiver.name, until=None, why=why)
    if state.off_at is not None:
        why = f"switched off on {moment(state.off_at)}: {state.off_reason}"
        return ClosedReceiver(receiver=receiver.name, until=None, why=why)
    if state.rest_until is not None and state.is_resting(now):
        return ClosedReceiver(receiver=receiver.name, until=state.rest_until, why="it asked to be left alone")
    if (opens_at := receiver.schedule.opens_at(now)) > now:
        return ClosedReceiver(receiver=receiver.name, until=opens_at, why="its quiet hours")
    return None


def allowances(receivers: Iterable[Receiver], shut: Collection[str], now: datetime) -> dict[str, Allowance]:
    """By name, what may go out to each receiver; to those named in ``shut`` nothing may."""
    return {
        receiver.name: Allowance(
            closed=receiver.name in shut,
            cap=receiver.schedule.cap,
            period_began_at=receiver.schedule.period_began_at(now),
            next_digest_at=receiver.schedule.goes_out(Every.DAILY, now),
        )
        for receiver in receivers
    }
