"""What owners have said is not of their person: spoken with `reject`, taken back with `take_back`."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from storage import tables
from storage.statements import insert_rows, rows_in
from tracking.rejecting import Refusal
from tracking.rejection import Rejection
from tracking.suspicion import Doubt, Suspicion


def rejections(connection: Connection, profile_ids: Iterable[int]) -> dict[int, tuple[Rejection, ...]]:
    """All rejections of these profiles, those that were taken back too; profiles without any are absent."""
    rejected = tables.rejected.c
    query = select(tables.rejected).order_by(rejected.profile_id, rejected.since, rejected.alias)
    found: defaultdict[int, list[Rejection]] = defaultdict(list)
    for row in rows_in(connection, query, rejected.profile_id, profile_ids):
        found[row.profile_id].append(Rejection(alias=row.alias, paper=row.paper, since=row.since, until=row.until))
    return {profile_id: tuple(spoken) for profile_id, spoken in found.items()}


def reject(connection: Connection, profile_id: int, refusal: Refusal, now: datetime) -> None:
    """Remember what is not of this person. What is rejected already stays so."""
    before = {(one.alias, one.since): one for one in rejections(connection, [profile_id]).get(profile_id, ())}
    is_open = {alias for (alias, _), one in before.items() if one.until is None}
    papers = {alias: paper for alias, paper in _texts(refusal) if alias not in is_open}
    rejected = tables.rejected.c
    for alias in papers.keys() & {alias for alias, since in before if since == now}:
        connection.execute(
            update(tables.rejected)
            .where(rejected.profile_id == profile_id, rejected.alias == alias, rejected.since == now)
            .values(until=None)
        )
        del papers[alias]
    insert_rows(
        connection,
        tables.rejected,
        [
            {"profile_id": profile_id, "alias": alias, "since": now, "until": None, "paper": paper}
            for alias, paper in papers.items()
        ],
    )


def _texts(refusal: Refusal) -> Iterator[tuple[str, str | None]]:
    for names in refusal.papers:
        yield from ((alias, names[0]) for alias in names)
    if refusal.name is not None:
        yield refusal.name, None


def take_back(connection: Connection, profile_id: int, until: datetime) -> int:
    """Take back what was rejected last; how many papers and names that was. Pages observed by ``until`` stay read."""
    rejected = tables.rejected.c
    holds = (rejected.profile_id == profile_id) & rejected.until.is_(None)
    last = connection.execute(select(func.max(rejected.since)).where(holds)).scalar()
    if last is None:
        return 0
    these = holds & (rejected.since == last)
    count = connection.execute(
        select(func.count(rejected.paper.distinct()) + func.count().filter(rejected.paper.is_(None))).where(these)
    ).scalar_one()
    connection.execute(update(tables.rejected).where(these).values(until=until))
    return int(count)


def suspicion_to_json(suspicion: Suspicion) -> dict[str, Any]:
    return {"doubt": suspicion.doubt, "about": list(suspicion.about), "rejected": suspicion.rejected}


def suspicion_from_json(stored: Mapping[str, Any] | None) -> Suspicion | None:
    if stored is None:
        return None
    return Suspicion(Doubt(stored["doubt"]), tuple(stored["about"]), rejected=stored["rejected"])
