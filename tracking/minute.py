"""A time as sentences hold it."""

from datetime import UTC, datetime


def minute(at: datetime) -> str:
    """``2026-11-22 06:30 UTC``."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
