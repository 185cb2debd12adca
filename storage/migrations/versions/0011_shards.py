"""Runs in shards: what each is to do and has done, and whose a host is."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

#: Microseconds since 1970 on SQLite.
TIME = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "shard",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hosts", sa.JSON(), nullable=False),
        sa.Column("profile_ids", sa.JSON(), nullable=False),
        sa.Column("configuration", sa.String(), nullable=False),
        sa.Column("planned_at", TIME, nullable=False),
        sa.Column("begun_at", TIME),
        sa.Column("worker", sa.String()),
        sa.Column("ended_at", TIME),
        sa.Column("detail", sa.String()),
        sa.Column("tally", sa.JSON()),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_shard_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_shard"),
        sa.UniqueConstraint("run_id", "number", name="uq_shard_run_id_number"),
    )
    op.add_column("host", sa.Column("claimed_by", sa.Integer()))
    op.add_column("host", sa.Column("claim_gap_seconds", sa.Float()))
