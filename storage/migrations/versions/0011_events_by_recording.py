"""What was recorded since a time is found by an index."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    columns = ["recorded_at", "kind", "cause", "superseded_at"]
    op.create_index("ix_event_recorded_at_kind_cause_superseded_at", "event", columns)
