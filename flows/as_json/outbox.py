"""What waits to be delivered, as JSON."""

from typing import Any

from flows.as_json.times import iso
from tracking.account import MessageState
from tracking.waiting import Dropped, OutboxItem, OutboxMessage, Retried


def item_json(item: OutboxItem) -> dict[str, Any]:
    return {
        "event": item.event_id,
        "receiver": item.receiver,
        "kind": item.kind,
        "person": item.person,
        "title": item.title,
        "digest": item.digest,
        "not_before": iso(item.not_before),
    }


def message_json(message: OutboxMessage) -> dict[str, Any]:
    return {
        "message": message.message_id,
        "receiver": message.receiver,
        "state": message.state,
        "digest": message.digest,
        "created_at": iso(message.created_at),
        "tries": message.tries,
        "next_try_at": None if message.delivered_at or message.given_up_at else iso(message.next_try_at),
        "last_error": message.last_error,
        "delivered_at": iso(message.delivered_at),
        "given_up_at": iso(message.given_up_at),
        "items": [item_json(item) for item in message.items],
    }


def waiting_json(item: OutboxItem) -> dict[str, Any]:
    """One that is in no message yet."""
    return item_json(item) | {"state": MessageState.WAITING}


def retried_json(done: Retried) -> dict[str, Any]:
    return {"messages": list(done.messages), "items": list(done.items), "receivers": list(done.receivers)}


def dropped_json(dropped: Dropped, reason: str) -> dict[str, Any]:
    return {
        "items": [item_json(item) for item in dropped.items],
        "messages": list(dropped.messages),
        "reason": reason,
    }
