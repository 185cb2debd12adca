"""How many messages are not noise yet."""

import re
from dataclasses import dataclass
from datetime import timedelta

from alerts.figures import number

_WEEK = timedelta(weeks=1)
_PERIODS = {"day": timedelta(days=1), "week": _WEEK, "month": timedelta(days=30)}
_BUDGET = re.compile(rf"(?P<messages>\d{{1,4}})\s*/\s*(?P<period>{'|'.join(_PERIODS)})")


@dataclass(frozen=True, slots=True)
class Budget:
    """How many messages one rule may send to one receiver in a time."""

    messages: int
    period: str

    @classmethod
    def parse(cls, text: str) -> "Budget":
        """Read ``3/week``. Raises ValueError that says what is allowed."""
        match = _BUDGET.fullmatch(text.strip())
        if match is None or int(match["messages"]) == 0:
            raise ValueError(f"must be a number of messages in a time ({', '.join(_PERIODS)}), like 3/week")
        return cls(int(match["messages"]), match["period"])

    @property
    def a_week(self) -> float:
        return self.messages * (_WEEK / _PERIODS[self.period])

    def __str__(self) -> str:
        return f"{number(self.messages)}/{self.period}"
