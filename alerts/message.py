"""What one receiver is told at one time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tracking.memory import Spells


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Composed content for one receiver. The id is the same for every copy that is sent."""

    id: str
    receiver: str
    #: Names of the rules that asked for the items, in order of appearance.
    rules: tuple[str, ...]
    created_at: datetime
    digest: bool
    #: JSON values only, see `alerts.compose`.
    items: tuple[Mapping[str, Any], ...]
    #: Facts that a better parser read anew since the receiver's last digest, and nobody was told of.
    absorbed: int = 0
    #: By event of a metric, the spells of that metric up to then. A picture is drawn of them; they are no part of
    #: the message's JSON.
    histories: Mapping[str, Spells] = field(default_factory=dict, repr=False)
    #: Those of the receiver's addresses that took an earlier copy, as their channel names them.
    taken: frozenset[str] = frozenset()

    def to_json(self) -> dict[str, Any]:
        """The form that the file receiver writes (design section 10); ``absorbed`` only where there is something."""
        values = {
            "id": self.id,
            "receiver": self.receiver,
            "rule": ", ".join(self.rules),
            "created_at": self.created_at.isoformat(),
            "items": [dict(item) for item in self.items],
        }
        return values | ({"absorbed": self.absorbed} if self.absorbed else {})
