"""Keys that papers bore before, pages that could not be read, and seals; what was recorded before has none."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

#: Microseconds since 1970 on SQLite.
TIME = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")
NO_ROWID = {"sqlite_with_rowid": False}


def upgrade() -> None:
    op.create_table(
        "former_key",
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name="fk_former_key_paper_id"),
        sa.PrimaryKeyConstraint("text", name="pk_former_key"),
        **NO_ROWID,
    )
    op.create_table(
        "unread_page",
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("observed_at", TIME, nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["blob.id"], name="fk_unread_page_page_id"),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name="fk_unread_page_profile_id"),
        sa.PrimaryKeyConstraint("profile_id", "observed_at", name="pk_unread_page"),
        **NO_ROWID,
    )
    for sealed in ("snapshot", "event", "outbox"):
        op.add_column(sealed, sa.Column("seal", sa.LargeBinary()))
    is_difference = sa.text("base_id IS NOT NULL")
    op.create_index("ix_blob_base_id", "blob", ["base_id"], sqlite_where=is_difference, postgresql_where=is_difference)
    op.create_index("ix_snapshot_page_id", "snapshot", ["page_id"])
    op.create_index("ix_snapshot_reading_id", "snapshot", ["reading_id"])
    is_superseded = sa.text("superseded_at IS NOT NULL")
    op.create_index(
        "ix_snapshot_superseded",
        "snapshot",
        ["profile_id", "observed_at"],
        sqlite_where=is_superseded,
        postgresql_where=is_superseded,
    )
    op.create_index("ix_event_profile_id_observed_at", "event", ["profile_id", "observed_at"])
