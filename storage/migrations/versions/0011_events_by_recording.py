"""What was recorded since a time is found by an index."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_index("ix_event_recorded_at", "event", ["recorded_at"])
