"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

#: Microseconds since 1970 on SQLite.
TIME = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")
LASTS = sa.text("until IS NULL")


def upgrade() -> None:
    op.create_table(
        "blob",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("encoding", sa.String(), nullable=False),
        sa.Column("base_id", sa.Integer()),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("checksum", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["base_id"], ["blob.id"], name="fk_blob_base_id"),
        sa.PrimaryKeyConstraint("id", name="pk_blob"),
        sa.UniqueConstraint("sha256", name="uq_blob_sha256"),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("receiver", sa.String(), nullable=False),
        sa.Column("digest", sa.Boolean(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", TIME, nullable=False),
        sa.Column("delivered_at", TIME),
        sa.Column("dead_at", TIME),
        sa.Column("last_error", sa.String()),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
    )
    op.create_table(
        "paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("authors_complete", sa.Boolean(), nullable=False),
        sa.Column("institutions", sa.JSON(), nullable=False),
        sa.Column("category", sa.String()),
        sa.Column("published", sa.String()),
        sa.Column("year_inferred", sa.Boolean(), nullable=False),
        sa.Column("has_code", sa.Boolean()),
        sa.Column("score", sa.Float()),
        sa.Column("arxiv_id", sa.String()),
        sa.Column("version", sa.BigInteger()),
        sa.Column("doi", sa.String()),
        sa.Column("source_id", sa.String()),
        sa.Column("url", sa.String()),
        sa.Column("citations", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_paper"),
        sa.UniqueConstraint("key", name="uq_paper_key"),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String()),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("now", TIME, nullable=False),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("finished_at", TIME),
        sa.Column("manifest", sa.JSON()),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
    )
    op.create_table(
        "alias",
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name="fk_alias_paper_id"),
        sa.PrimaryKeyConstraint("text", name="pk_alias"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_alias_paper_id", "alias", ["paper_id"])
    op.create_table(
        "profile",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("retired_at", TIME),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("etag", sa.String()),
        sa.Column("last_modified", sa.String()),
        sa.Column("body_sha256", sa.LargeBinary()),
        sa.Column("parser", sa.String()),
        sa.Column("checked_at", TIME),
        sa.Column("outcome", sa.String()),
        sa.Column("detail", sa.String()),
        sa.Column("unsettled", sa.Boolean(), nullable=False),
        sa.Column("accept_next", sa.Boolean(), nullable=False),
        sa.Column("retry_at", TIME),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_profile_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_profile"),
        sa.UniqueConstraint("source", "key", name="uq_profile_source_key"),
    )
    op.create_index("ix_profile_person_id", "profile", ["person_id"])
    op.create_table(
        "checklog",
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("observed_at", TIME, nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("elapsed_ms", sa.Integer(), nullable=False),
        sa.Column("detail", sa.String()),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name="fk_checklog_profile_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_checklog_run_id"),
        sa.PrimaryKeyConstraint("profile_id", "observed_at", name="pk_checklog"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "event",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("paper_id", sa.Integer()),
        sa.Column("field", sa.String()),
        sa.Column("before", sa.JSON()),
        sa.Column("after", sa.JSON()),
        sa.Column("since", TIME),
        sa.Column("observed_at", TIME, nullable=False),
        sa.Column("recorded_at", TIME, nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name="fk_event_paper_id"),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name="fk_event_profile_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_event_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_event_observed_at_id", "event", ["observed_at", "id"])
    op.create_table(
        "listing",
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("until", TIME),
        sa.Column("missed_at", TIME),
        sa.Column("removed_at", TIME),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name="fk_listing_paper_id"),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name="fk_listing_profile_id"),
        sa.PrimaryKeyConstraint("profile_id", "paper_id", "since", name="pk_listing"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "metric",
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("until", TIME),
        sa.Column("value", sa.Float(53)),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name="fk_metric_profile_id"),
        sa.PrimaryKeyConstraint("profile_id", "name", "since", name="pk_metric"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_metric_now", "metric", ["profile_id"], sqlite_where=LASTS, postgresql_where=LASTS)
    op.create_table(
        "snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("observed_at", TIME, nullable=False),
        sa.Column("recorded_at", TIME, nullable=False),
        sa.Column("confirmed_at", TIME, nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("parser", sa.String(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["blob.id"], name="fk_snapshot_page_id"),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name="fk_snapshot_profile_id"),
        sa.ForeignKeyConstraint(["reading_id"], ["blob.id"], name="fk_snapshot_reading_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_snapshot_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_snapshot"),
        sa.UniqueConstraint("profile_id", "observed_at", name="uq_snapshot_profile_id_observed_at"),
    )
    op.create_table(
        "outbox",
        sa.Column("receiver", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("item", sa.JSON(), nullable=False),
        sa.Column("digest", sa.Boolean(), nullable=False),
        sa.Column("not_before", TIME),
        sa.Column("message_id", sa.String()),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_outbox_event_id"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_outbox_message_id"),
        sa.PrimaryKeyConstraint("receiver", "event_id", name="pk_outbox"),
    )
    op.create_index("ix_outbox_message_id", "outbox", ["message_id"])
    op.create_index("ix_outbox_receiver_topic", "outbox", ["receiver", "topic"])
    op.create_table(
        "verdict",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("receiver", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_verdict_event_id"),
        sa.PrimaryKeyConstraint("event_id", "receiver", name="pk_verdict"),
        sqlite_with_rowid=False,
    )
