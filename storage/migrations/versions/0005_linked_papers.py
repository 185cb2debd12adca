"""Papers that are versions of one work."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

#: Microseconds since 1970 on SQLite.
TIME = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")
NO_ROWID = {"sqlite_with_rowid": False}


def upgrade() -> None:
    op.create_table(
        "paper_link",
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("run_id", sa.Integer()),
        sa.Column("severed_at", TIME),
        sa.ForeignKeyConstraint(["other_id"], ["paper.id"], name="fk_paper_link_other_id"),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name="fk_paper_link_paper_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_paper_link_run_id"),
        sa.PrimaryKeyConstraint("paper_id", "other_id", name="pk_paper_link"),
        **NO_ROWID,
    )
    op.create_index("ix_paper_link_other_id", "paper_link", ["other_id"])
