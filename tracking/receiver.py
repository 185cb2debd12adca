"""How a receiver takes what is sent to it, and when it is not tried any more."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tracking.alert import Verdict
from tracking.event import Event

#: So many messages in a row that it refuses for good switch a receiver off.
REFUSALS_MAX = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiverState:
    """How a receiver took what was sent last; nothing is held against one that takes what it gets."""

    name: str
    #: Of its configuration when it refused; another one is tried anew. It tells no secret.
    fingerprint: str = ""
    #: Messages in a row that it refused for good.
    refusals: int = 0
    #: It has asked to be left alone until then.
    rest_until: datetime | None = None
    #: Since when it is not tried any more, and why; None: it is tried.
    off_at: datetime | None = None
    off_reason: str | None = None

    @property
    def is_off(self) -> bool:
        return self.off_at is not None

    def is_resting(self, now: datetime) -> bool:
        return self.rest_until is not None and now < self.rest_until

    def refused(
        self, reason: str, now: datetime, *, fingerprint: str, again: bool = False, gone: bool = False
    ) -> "ReceiverState":
        """It has refused a message for good; ``again``: one that it had refused before, which says nothing new.

        ``gone``: it says so of every message. ``fingerprint`` is that of its configuration now.
        """
        before = self.refusals if self.fingerprint == fingerprint else 0
        refusals = before if again and before else before + 1
        is_off = gone or refusals >= REFUSALS_MAX
        return replace(
            self,
            fingerprint=fingerprint,
            refusals=refusals,
            off_at=now if is_off else None,
            off_reason=reason if is_off else None,
        )

    def resting(self, until: datetime) -> "ReceiverState":
        """It asks to be left alone."""
        return replace(self, rest_until=until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftermath:
    """What a try that failed leads to, and is written together with it."""

    run_id: str
    #: How the receiver stands now; None: as before.
    receiver: ReceiverState | None = None
    #: What others are told of it (`tracking.note`), with the verdicts about it.
    notes: Sequence[Event] = ()
    verdicts: Sequence[Verdict] = ()
