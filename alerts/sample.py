"""A message that only tries a receiver out."""

from datetime import datetime

from alerts.message import Message


def sample_message(receiver: str, now: datetime) -> Message:
    """One made-up new paper, and says so."""
    return Message(
        id=f"test-{now:%Y%m%dT%H%M%S%f}",
        receiver=receiver,
        rules=("notify test",),
        created_at=now,
        digest=False,
        items=(
            {
                "kind": "paper.new",
                "person": "Ada Example",
                "people": ["Ada Example"],
                "rules": ["notify test"],
                "labels": ["Ada Example", "notify test"],
                "title": "A made-up paper, to see that messages arrive",
                "authors": ["Ada Example"],
                "authors_complete": True,
                "published": f"{now:%Y-%m-%d}",
                "before": None,
                "after": None,
                "observed_at": now.isoformat(),
                "why": "somebody tried this receiver out with “scholarwatch notify test”",
            },
        ),
    )
