"""What the pages of a source showed together, run by run."""

from collections.abc import Mapping

from sqlalchemy import Connection, insert, select

from storage import tables
from tracking.shape import SourceShape
from tracking.view import ShapeView


def record_shapes(connection: Connection, shapes: Mapping[str, SourceShape], run_id: int) -> None:
    """Note the shapes of a run, by source."""
    rows = [{"run_id": run_id, "source": source, "counts": shape.to_json()} for source, shape in shapes.items()]
    if rows:
        connection.execute(insert(tables.source_shape), rows)


def source_shapes(connection: Connection, source: str | None, limit: int | None) -> list[ShapeView]:
    """Those of runs that were not taken back, the newest first; of one source, or of all."""
    run, shape = tables.run.c, tables.source_shape.c
    query = (
        select(run.now, tables.source_shape)
        .join_from(tables.source_shape, tables.run)
        .where(run.reverted_at.is_(None))
        .order_by(shape.run_id.desc(), shape.source)
        .limit(limit)
    )
    if source is not None:
        query = query.where(shape.source == source)
    return [
        ShapeView(run_id=str(row.run_id), now=row.now, source=row.source, shape=SourceShape.from_json(row.counts))
        for row in connection.execute(query)
    ]
