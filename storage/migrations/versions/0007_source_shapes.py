"""What the pages of a source showed together, run by run."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

NO_ROWID = {"sqlite_with_rowid": False}


def upgrade() -> None:
    op.create_table(
        "source_shape",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_source_shape_run_id"),
        sa.PrimaryKeyConstraint("run_id", "source", name="pk_source_shape"),
        **NO_ROWID,
    )
