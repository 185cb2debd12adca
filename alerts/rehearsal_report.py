"""How much a rehearsal has sent, what it has kept back, and whether that is too much."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from alerts.message import Message
from alerts.rehearsal_budget import Budget
from alerts.rehearsal_tally import Tally
from tracking.alert import VerdictKind

_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What went out to one receiver, in all or by one rule."""

    messages: int
    items: int
    #: How long that took.
    weeks: float
    #: By verdict, how many events did not go out.
    kept_back: Mapping[VerdictKind, int]

    @property
    def messages_a_week(self) -> float:
        return self.messages / self.weeks


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiverReport:
    receiver: str
    sent: Sent
    #: By name, in the order of the configuration; a message may be of several rules.
    rules: Mapping[str, Sent]

    def over(self, budget: Budget) -> Iterator[tuple[str, Sent]]:
        """The rules that send more."""
        return ((rule, sent) for rule, sent in self.rules.items() if sent.messages_a_week > budget.a_week)


class Sums:
    """Messages, counted as they go out."""

    def __init__(self) -> None:
        #: By receiver and rule; all rules together under None.
        self._messages: Counter[tuple[str, str | None]] = Counter()
        self._items: Counter[tuple[str, str | None]] = Counter()

    def add(self, message: Message) -> None:
        receiver = message.receiver
        self._messages.update((receiver, rule) for rule in (None, *message.rules))
        self._items[receiver, None] += len(message.items)
        self._items.update((receiver, rule) for item in message.items for rule in item["rules"])

    def most_messages(self) -> int:
        """To the receiver that gets the most."""
        return max((count for (_, rule), count in self._messages.items() if rule is None), default=0)

    def reports(
        self, rules: Mapping[str, Sequence[str]], tally: Tally, lasted: timedelta
    ) -> tuple[ReceiverReport, ...]:
        """For each receiver, in all and by each of the rules that are named for it."""

        def sent(receiver: str, rule: str | None) -> Sent:
            return Sent(
                messages=self._messages[receiver, rule],
                items=self._items[receiver, rule],
                weeks=lasted / _WEEK,
                kept_back=tally.kept_back(receiver, rule),
            )

        return tuple(
            ReceiverReport(
                receiver=receiver, sent=sent(receiver, None), rules={rule: sent(receiver, rule) for rule in names}
            )
            for receiver, names in rules.items()
        )
