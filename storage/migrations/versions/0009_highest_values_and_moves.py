"""The highest value of a metric is found by an index; where a server says that a profile has moved to."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_index("ix_metric_profile_id_name_value", "metric", ["profile_id", "name", "value"])
    op.add_column("checklog", sa.Column("moved_to", sa.String()))
