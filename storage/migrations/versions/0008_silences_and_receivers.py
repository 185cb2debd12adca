"""What somebody has silenced or seen, and how receivers take what is sent to them."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

#: Microseconds since 1970 on SQLite.
TIME = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")
NO_ROWID = {"sqlite_with_rowid": False}


def upgrade() -> None:
    op.create_table(
        "silence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("begins_at", TIME, nullable=False),
        sa.Column("ends_at", TIME),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("receiver", sa.String()),
        sa.Column("rule", sa.String()),
        sa.Column("person", sa.String()),
        sa.Column("tag", sa.String()),
        sa.Column("source", sa.String()),
        sa.Column("metric", sa.String()),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_silence"),
    )
    op.create_table(
        "ack",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_ack_event_id"),
        sa.PrimaryKeyConstraint("event_id", name="pk_ack"),
        **NO_ROWID,
    )
    op.create_table(
        "receiver_state",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("refusals", sa.Integer(), nullable=False),
        sa.Column("rest_until", TIME),
        sa.Column("off_at", TIME),
        sa.Column("off_reason", sa.String()),
        sa.PrimaryKeyConstraint("name", name="pk_receiver_state"),
        **NO_ROWID,
    )
    op.add_column("message", sa.Column("refused_at", TIME))
    op.add_column("message", sa.Column("taken", sa.JSON(none_as_null=True)))
