"""cadences as people live them and leases

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Columns are added as they are: Alembic's batches would build SQLite's tables anew, without their AUTOINCREMENT.
    op.create_table(
        "rests",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("returns_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_rests_member_id_members"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_rests_workspace_id_workspaces"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rests")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_rests_member", "rests", ["member_id", "last_day"])
    _index_where_set("ix_rests_returns", "rests", "returns_at")
    op.add_column("check_ins", sa.Column("snoozed", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("commitments", sa.Column("cue", sa.JSON(), nullable=True))
    op.add_column("commitments", sa.Column("next_cue_at", sa.DateTime(timezone=True), nullable=True))
    _index_where_set("ix_commitments_next_cue", "commitments", "next_cue_at")
    op.add_column("deliveries", sa.Column("is_reply", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index(
        "ix_deliveries_workspace",
        "deliveries",
        ["workspace_id", "is_reply", "due_at", "id"],
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    _index_where_set("ix_deliveries_retry", "deliveries", "retry_at")
    op.drop_index("ix_deliveries_lane", "deliveries")
    op.create_index(
        "ix_deliveries_lane",
        "deliveries",
        ["lane", "id"],
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.add_column("members", sa.Column("prompted_on", sa.Date(), nullable=True))
    op.add_column("members", sa.Column("quiet_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("members", sa.Column("asked_about_zone", sa.String(length=64), nullable=True))
    op.add_column("members", sa.Column("home_opened_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("members", sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE members SET heard_at = read_at")  # it was read when they were there
    op.add_column("members", sa.Column("ask_zone_at", sa.DateTime(timezone=True), nullable=True))
    _index_where_set("ix_members_ask_zone", "members", "ask_zone_at")
    op.add_column("workspaces", sa.Column("contacts", sa.Text(), nullable=True))
    op.add_column("workspaces", sa.Column("leased_by", sa.String(length=64), nullable=True))
    op.add_column("workspaces", sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("workspaces", sa.Column("parked_until", sa.DateTime(timezone=True), nullable=True))
    _index_where_set("ix_workspaces_parked_until", "workspaces", "parked_until")


def _index_where_set(name: str, table: str, *columns: str) -> None:
    """An index of the rows whose last column is set."""
    is_set = sa.text(f"{columns[-1]} IS NOT NULL")
    op.create_index(name, table, list(columns), sqlite_where=is_set, postgresql_where=is_set)
