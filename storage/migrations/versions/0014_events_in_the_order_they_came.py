"""Events lie in the order in which they were recorded, and profiles are counted by indexes."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

#: Microseconds since 1970 on SQLite.
TIME = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    # Some databases of schema 0013 have this index, which cost each event more than it was worth.
    op.execute("DROP INDEX IF EXISTS ix_event_recorded_at_kind_cause_superseded_at")
    # On PostgreSQL a table is never a tree by its key.
    if op.get_bind().dialect.name == "sqlite":
        _order_events()
    op.drop_index("ix_profile_person_id", "profile")
    op.create_index("ix_profile_person_id_retired_at", "profile", ["person_id", "retired_at"])
    _index("ix_profile_standing", ["source", "outcome", "parser"], "retired_at IS NULL")
    _index("ix_profile_held", ["id"], "held_at IS NOT NULL")


def _index(name: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, "profile", columns, sqlite_where=where, postgresql_where=where)


def _order_events() -> None:
    columns = (
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("paper_id", sa.Integer()),
        sa.Column("paper_title", sa.String()),
        sa.Column("field", sa.String()),
        sa.Column("before", sa.JSON()),
        sa.Column("after", sa.JSON()),
        sa.Column("since", TIME),
        sa.Column("observed_at", TIME, nullable=False),
        sa.Column("recorded_at", TIME, nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("superseded_at", TIME),
        sa.Column("seal", sa.LargeBinary()),
    )
    op.create_table(
        "ordered_event",
        *columns,
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name="fk_event_paper_id"),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name="fk_event_profile_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_event_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
    )
    names = ", ".join(f'"{column.name}"' for column in columns)
    op.execute(
        f"INSERT INTO ordered_event ({names}) SELECT {names} FROM event ORDER BY run_id, recorded_at, observed_at, id"
    )
    op.drop_table("event")
    op.rename_table("ordered_event", "event")
    op.create_index("ix_event_observed_at_id", "event", ["observed_at", "id"])
    op.create_index("ix_event_profile_id_observed_at", "event", ["profile_id", "observed_at"])
