"""The configuration that was found sound last."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

#: Microseconds since 1970 on SQLite.
TIME = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "configuration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("good_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_configuration"),
    )
