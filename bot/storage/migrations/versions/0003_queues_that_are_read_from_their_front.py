"""queues that are read from their front

Revision ID: 0003
Revises: 0002
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

QUEUES = (
    ("deliveries", "due_at"),
    ("check_ins", "remind_at"),
    ("commitments", "next_cue_at"),
    ("commitments", "paused_until"),
    ("rests", "returns_at"),
)
"""Instants that hardly any row has, each with an index of those that do."""


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    # PostgreSQL's statistics say of these that no row has one. Then it finds it as good to read the whole index, each
    # time that it wants one row, as to look that row up: at the full hour ten thousand times ten thousand. Without
    # statistics it looks up. The types stay as they are: to name one makes it forget what it had counted before.
    for table, column in QUEUES:
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE timestamp with time zone")
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")
    # What a member does, and what is said to them, is noted in their row. With room beside it, no index has to know.
    op.execute("ALTER TABLE members SET (fillfactor = 85)")
    # All that is claimed at once lies on the same pages, and each row is written anew there.
    op.execute("ALTER TABLE deliveries SET (fillfactor = 50)")
