"""`among(column, ids)`: the same as IN, with one parameter however many ids there are.

SQLAlchemy's IN costs more than a microsecond of ours for each id, in every statement of a batch.
"""

from collections.abc import Iterable
from typing import Any, cast

from sqlalchemy import BigInteger, ColumnElement, Dialect, Text, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine


class _Ids(TypeDecorator[list[int]]):
    """One text: an array as PostgreSQL writes it, for psycopg takes longer over the numbers one by one; JSON in SQLite,
    which has no arrays."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(BigInteger) if dialect.name == "postgresql" else Text())

    def bind_processor(self, dialect: Dialect) -> Any:
        return _as_array if dialect.name == "postgresql" else str


def _as_array(ids: list[int]) -> str:
    return f"{{{str(ids)[1:-1]}}}"


class _Among(FunctionElement[bool]):
    inherit_cache = True
    # As a Boolean it would be compared with 1 in SQLite, which then reads the whole table.
    type = cast("TypeEngine[bool]", NullType())
    name = "among"


def among(column: ColumnElement[Any], ids: Iterable[int | None]) -> ColumnElement[bool]:
    """Whether a column of ids has one of these; none of them is None."""
    return _Among(column, bindparam(None, [one for one in ids if one is not None], type_=_Ids()))


def among_given(column: ColumnElement[Any], name: str = "ids") -> ColumnElement[bool]:
    """The same for a statement that is built once: the list of ids is its parameter `name`."""
    return _Among(column, bindparam(name, type_=_Ids()))


@compiles(_Among)
def _in_any_database(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, ids = (compiler.process(clause, **kw) for clause in element.clauses)
    if compiler.dialect.name == "postgresql":
        return f"{column} = ANY ({ids})"
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608  # both are the compiler's
