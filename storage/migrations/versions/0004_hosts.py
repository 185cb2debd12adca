"""What is owed to hosts, robots.txt as it was had, and when a profile's page was last asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

#: Microseconds since 1970 on SQLite.
TIME = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")
NO_ROWID = {"sqlite_with_rowid": False}


def upgrade() -> None:
    op.create_table(
        "host",
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("next_start_at", TIME),
        sa.Column("day", sa.String()),
        sa.Column("granted", sa.Integer(), nullable=False),
        sa.Column("rest_until", TIME),
        sa.Column("rest_reason", sa.String()),
        sa.Column("rest_detail", sa.String(), nullable=False),
        sa.Column("throttlings", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("openings", sa.Integer(), nullable=False),
        sa.Column("probing", sa.Boolean(), nullable=False),
        sa.Column("daily_budget", sa.Integer()),
        sa.Column("good_at", TIME),
        sa.Column("failing_since", TIME),
        sa.Column("down_id", sa.String()),
        sa.Column("shut_id", sa.String()),
        sa.ForeignKeyConstraint(["down_id"], ["event.id"], name="fk_host_down_id"),
        sa.ForeignKeyConstraint(["shut_id"], ["event.id"], name="fk_host_shut_id"),
        sa.PrimaryKeyConstraint("host", name="pk_host"),
        **NO_ROWID,
    )
    op.create_table(
        "host_day",
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("not_modified", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("throttled", sa.Integer(), nullable=False),
        sa.Column("blocked", sa.Integer(), nullable=False),
        sa.Column("disallowed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("host", "day", name="pk_host_day"),
        **NO_ROWID,
    )
    op.create_table(
        "robots",
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("fetched_at", TIME, nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("origin", name="pk_robots"),
        **NO_ROWID,
    )
    op.add_column("checklog", sa.Column("robots", sa.String()))
    op.add_column("profile", sa.Column("asked_at", TIME))
    op.execute("UPDATE profile SET asked_at = checked_at")
