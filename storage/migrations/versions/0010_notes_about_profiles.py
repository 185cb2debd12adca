"""Which profiles a note is about, and of which runs a Prefect server has heard."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

#: Microseconds since 1970 on SQLite.
TIME = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")
NO_ROWID = {"sqlite_with_rowid": False}


def upgrade() -> None:
    op.add_column("run", sa.Column("announced_at", TIME))
    op.create_table(
        "note_about",
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name="fk_note_about_profile_id"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_note_about_event_id"),
        sa.PrimaryKeyConstraint("profile_id", "event_id", name="pk_note_about"),
        **NO_ROWID,
    )
