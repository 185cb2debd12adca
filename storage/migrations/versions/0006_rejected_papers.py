"""What owners have rejected, what they were asked about, and which page waits for an answer."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

#: Microseconds since 1970 on SQLite.
TIME = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")
NO_ROWID = {"sqlite_with_rowid": False}


def upgrade() -> None:
    op.create_table(
        "rejected",
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("alias", sa.String(), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("until", TIME),
        sa.Column("paper", sa.String()),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name="fk_rejected_profile_id"),
        sa.PrimaryKeyConstraint("profile_id", "alias", "since", name="pk_rejected"),
        **NO_ROWID,
    )
    op.add_column("profile", sa.Column("held_at", TIME))
    op.add_column("profile", sa.Column("asked_about", sa.JSON()))
    op.execute("UPDATE profile SET held_at = asked_at WHERE outcome = 'quarantined'")
