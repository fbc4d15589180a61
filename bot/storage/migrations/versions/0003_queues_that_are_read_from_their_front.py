"""queues that are read from their front

Revision ID: 0003
Revises: 0002
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    # Of what is kept nearly nothing is open, so PostgreSQL's statistics say that nothing is: then it finds it as good
    # to read an index of open rows as a whole, for each of them, as to look one up. Without statistics it looks up.
    # The type stays as it is: to name it makes PostgreSQL forget what it had counted before.
    op.execute("ALTER TABLE deliveries ALTER COLUMN due_at TYPE timestamp with time zone")
    op.execute("ALTER TABLE deliveries ALTER COLUMN due_at SET STATISTICS 0")
    # What a member does, and what is said to them, is noted in their row. With room beside it, no index has to know.
    op.execute("ALTER TABLE members SET (fillfactor = 85)")
