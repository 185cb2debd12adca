"""What `rules test` prints for programs."""

from collections.abc import Mapping
from typing import Any

from alerts.message import Message
from alerts.rehearsal_budget import Budget
from alerts.rehearsal_report import ReceiverReport, Sent
from flows.rehearsing import RehearsalReport


def message_json(message: Message) -> dict[str, Any]:
    """A message that would have gone out; an item has what an item of a message has, but for what only pages say."""
    return {
        "at": message.created_at.isoformat(),
        "receiver": message.receiver,
        "digest": message.digest,
        "rules": list(message.rules),
        "items": [dict(item) for item in message.items],
    }


def report_json(report: RehearsalReport, budget: Budget) -> dict[str, Any]:
    return {
        "since": report.since.isoformat(),
        "until": report.until.isoformat(),
        "budget": str(budget),
        "over_budget": [
            {"receiver": one.receiver, "rule": rule, "messages_a_week": _rounded(sent.messages_a_week)}
            for one in report.receivers
            for rule, sent in one.over(budget)
        ],
        "receivers": [_receiver(one) for one in report.receivers],
        "waiting": report.waiting,
    }


def _receiver(report: ReceiverReport) -> Mapping[str, Any]:
    rules = [{"rule": rule} | _sent(sent) for rule, sent in report.rules.items()]
    return {"receiver": report.receiver} | _sent(report.sent) | {"rules": rules}


def _sent(sent: Sent) -> dict[str, Any]:
    return {
        "messages": sent.messages,
        "messages_a_week": _rounded(sent.messages_a_week),
        "items": sent.items,
        "kept_back": {kind.value: count for kind, count in sorted(sent.kept_back.items())},
    }


def _rounded(number: float) -> float:
    return round(number, 2)
