"""Times for programs."""

from datetime import datetime


def iso(when: datetime | None) -> str | None:
    """ISO 8601; nothing for nothing."""
    return None if when is None else when.isoformat()
