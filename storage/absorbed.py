"""Facts that a better parser read anew, of which nobody was told."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from storage import tables


def absorbed(connection: Connection, receiver: str, until: datetime) -> int:
    """How many facts the runs up to ``until`` read anew since the receiver's last digest before that.

    One that was given up told nobody.
    """
    message, run = tables.message.c, tables.run.c
    last = select(func.max(message.created_at)).where(
        message.receiver == receiver, message.digest, message.created_at < until, message.dead_at.is_(None)
    )
    since = connection.execute(last).scalar()
    query = select(run.manifest).where(run.now <= until, run.finished_at.is_not(None), run.reverted_at.is_(None))
    if since is not None:
        query = query.where(run.now > since)
    return sum(manifest.get("absorbed", 0) for manifest in connection.execute(query).scalars())
