"""How the whole stands: what is recorded, what was asked of hosts, and what somebody has to look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flows.as_json.ledger import ledger_json, of_interest
from flows.as_json.views import status_json
from flows.health import Health, health_of
from storage.store import Store
from tracking.host import HostLedger
from tracking.view import RunView, StatusView
from tracking.watchfulness import Patience


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the whole stands at a time."""

    now: datetime
    view: StatusView
    last_good: RunView | None
    health: Health
    #: The hosts that had something to do with the day, or are left alone now.
    hosts: Sequence[HostLedger]

    @property
    def troubles(self) -> list[str]:
        """What somebody has to look at, a sentence each without its end."""
        return [trouble.detail for trouble in self.health.troubles]

    def to_json(self) -> dict[str, Any]:
        return status_json(self.view, self.health) | {
            "hosts": [ledger_json(line, self.now) for line in self.hosts],
            "troubles": self.troubles,
        }


def standing(store: Store, patience: Patience, now: datetime, *, broken: str | None = None) -> Standing:
    """How all stands now.

    ``patience`` says how long there may be no good run, ``broken`` why the configuration cannot be used.
    """
    vitals = store.vitals(now)
    return Standing(
        now=now,
        view=store.status(),
        last_good=vitals.runs.good,
        health=health_of(vitals, patience, now, broken=broken),
        hosts=of_interest(store.ledger(now.astimezone(UTC).date()), now),
    )
