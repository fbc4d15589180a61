"""Run by Alembic: connects, then migrates."""

from typing import Literal

from alembic import context
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from bot.storage.database import line_to
from bot.storage.tables import metadata
from bot.storage.types import Document, Id, PrivateText, UtcDateTime

MIGRATING = 1_110_011
"""A number of ours for PostgreSQL to lock."""


def _plain(kind: str, thing: object, _context: object) -> str | Literal[False]:
    """Migrations name SQLAlchemy's own types, so that they go on working when ours change."""
    if kind != "type":
        return False
    if thing is Id:
        return 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")'
    if isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(thing, PrivateText):
        return "sa.Text()"
    return "sa.JSON()" if isinstance(thing, Document) else False


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=_plain,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":  # processes that start together migrate one after the other
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATING})")
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _migrate(given)
else:
    url = context.config.attributes["url"]
    with create_engine(url, poolclass=NullPool, connect_args=line_to(url)).connect() as opened:
        _migrate(opened)
