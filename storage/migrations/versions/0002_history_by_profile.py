"""History by profile: aliases with their time, papers without facts, and what does not count any more."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

#: Microseconds since 1970 on SQLite.
TIME = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")
COUNTS = sa.text("superseded_at IS NULL")
STANDS = sa.text("corrected_at IS NULL")
NO_ROWID = {"sqlite_with_rowid": False}
#: What the table of papers held of each, and what of that is not written out.
FACTS: dict[str, tuple[type[sa.types.TypeEngine[Any]], Any]] = {
    "title": (sa.String, None),
    "authors": (sa.JSON, []),
    "authors_complete": (sa.Boolean, True),
    "institutions": (sa.JSON, []),
    "category": (sa.String, None),
    "published": (sa.String, None),
    "year_inferred": (sa.Boolean, False),
    "has_code": (sa.Boolean, None),
    "score": (sa.Float, None),
    "arxiv_id": (sa.String, None),
    "version": (sa.BigInteger, None),
    "doi": (sa.String, None),
    "source_id": (sa.String, None),
    "url": (sa.String, None),
    "citations": (sa.BigInteger, None),
}


def upgrade() -> None:
    op.add_column("run", sa.Column("reverted_at", TIME))
    _supersede_snapshots()
    _tell_titles_in_events()
    _keep_what_was_shown_last()
    _spread_aliases()
    _strip_papers()
    _tell_again_what_was_corrected()


def _supersede_snapshots() -> None:
    with op.batch_alter_table("snapshot") as snapshot:
        snapshot.drop_constraint("uq_snapshot_profile_id_observed_at", type_="unique")
        snapshot.add_column(sa.Column("place", sa.String()))
        snapshot.add_column(sa.Column("superseded_at", TIME))
    op.create_index(
        "uq_snapshot_profile_id_observed_at",
        "snapshot",
        ["profile_id", "observed_at"],
        unique=True,
        sqlite_where=COUNTS,
        postgresql_where=COUNTS,
    )


def _tell_titles_in_events() -> None:
    op.add_column("event", sa.Column("paper_title", sa.String()))
    op.add_column("event", sa.Column("superseded_at", TIME))
    op.execute("UPDATE event SET paper_title = paper.title FROM paper WHERE paper.id = event.paper_id")


def _keep_what_was_shown_last() -> None:
    """The row of a paper says what was last shown of it anywhere: for a listing that ended, the best that is known."""
    op.add_column("listing", sa.Column("last_shown", sa.JSON(none_as_null=True)))
    tables = sa.MetaData()
    paper = sa.Table(
        "paper", tables, sa.Column("id", sa.Integer()), *(sa.Column(name, kind) for name, (kind, _) in FACTS.items())
    )
    listed = sa.Table(
        "listing",
        tables,
        sa.Column("profile_id", sa.Integer()),
        sa.Column("paper_id", sa.Integer()),
        sa.Column("since", TIME),
        sa.Column("until", TIME),
        sa.Column("last_shown", sa.JSON(none_as_null=True)),
    )
    connection = op.get_bind()
    ended = connection.execute(
        sa.select(listed.c.profile_id, listed.c.paper_id, listed.c.since, paper)
        .join_from(listed, paper, paper.c.id == listed.c.paper_id)
        .where(listed.c.until.is_not(None))
    ).all()
    change = (
        sa.update(listed)
        .where(*(listed.c[name] == sa.bindparam(f"of_{name}") for name in ("profile_id", "paper_id", "since")))
        .values(last_shown=sa.bindparam("shown"))
    )
    rows = [
        {"of_profile_id": row.profile_id, "of_paper_id": row.paper_id, "of_since": row.since, "shown": _facts(row)}
        for row in ended
    ]
    if rows:
        connection.execute(change, rows)


def _facts(paper: sa.Row[Any]) -> dict[str, Any]:
    return {name: value for name, (_, default) in FACTS.items() if (value := getattr(paper, name)) != default}


def _spread_aliases() -> None:
    """A profile that lists a paper is taken to have shown all of its aliases, from its first listing on."""
    op.execute(
        "CREATE TEMPORARY TABLE shown_alias AS "
        "SELECT listing.profile_id, alias.text, alias.paper_id, min(listing.since) AS since "
        "FROM alias JOIN listing ON listing.paper_id = alias.paper_id "
        "GROUP BY listing.profile_id, alias.text, alias.paper_id"
    )
    op.drop_table("alias")
    op.create_table(
        "alias",
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name="fk_alias_paper_id"),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name="fk_alias_profile_id"),
        sa.PrimaryKeyConstraint("profile_id", "text", name="pk_alias"),
        **NO_ROWID,
    )
    op.execute(
        "INSERT INTO alias (profile_id, text, paper_id, since) "
        "SELECT profile_id, text, paper_id, since FROM shown_alias ORDER BY profile_id, text"
    )
    op.execute("DROP TABLE shown_alias")
    op.create_index("ix_alias_text", "alias", ["text"])
    op.create_index("ix_alias_paper_id", "alias", ["paper_id"])


def _strip_papers() -> None:
    """What nobody has ever listed is no paper of any history."""
    with op.batch_alter_table("paper") as paper:
        for name in FACTS:
            paper.drop_column(name)
        paper.add_column(sa.Column("first_shown_at", TIME))
    op.execute(
        "UPDATE paper SET first_shown_at = listed.since "
        "FROM (SELECT paper_id, min(since) AS since FROM listing GROUP BY paper_id) AS listed "
        "WHERE listed.paper_id = paper.id"
    )
    op.execute("DELETE FROM paper WHERE first_shown_at IS NULL")
    with op.batch_alter_table("paper") as paper:
        paper.alter_column("first_shown_at", existing_type=TIME, nullable=False)


def _tell_again_what_was_corrected() -> None:
    columns = "receiver, event_id, topic, rules, item, digest, not_before, message_id"
    op.execute(f"CREATE TEMPORARY TABLE told AS SELECT {columns} FROM outbox")
    op.drop_table("outbox")
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("receiver", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("item", sa.JSON(), nullable=False),
        sa.Column("digest", sa.Boolean(), nullable=False),
        sa.Column("not_before", TIME),
        sa.Column("message_id", sa.String()),
        sa.Column("corrected_at", TIME),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_outbox_event_id"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_outbox_message_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.execute(f"INSERT INTO outbox ({columns}) SELECT {columns} FROM told ORDER BY receiver, event_id")
    op.execute("DROP TABLE told")
    op.create_index("ix_outbox_message_id", "outbox", ["message_id"])
    op.create_index("ix_outbox_receiver_topic", "outbox", ["receiver", "topic"])
    op.create_index(
        "uq_outbox_event_id_receiver",
        "outbox",
        ["event_id", "receiver"],
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )
