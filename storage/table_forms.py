"""What all tables have in common."""

from typing import ClassVar

from sqlalchemy import JSON, MetaData, Table
from sqlmodel import SQLModel

#: A table that is nothing but its key: SQLite then keeps it as one tree instead of two.
KEY_ONLY = {"sqlite_with_rowid": False}
#: None is stored as NULL, so that "nothing known" takes no room.
JSON_VALUE = JSON(none_as_null=True)


class Row(SQLModel):
    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def table_of(row: type[Row]) -> Table:
    """The Core handle of a table."""
    return Row.metadata.tables[str(row.__tablename__)]
