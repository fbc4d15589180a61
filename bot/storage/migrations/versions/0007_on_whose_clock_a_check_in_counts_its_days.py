"""on whose clock a check-in counts its days

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

members = sa.table("members", sa.column("id"), sa.column("zone"))
agreements = sa.table("agreements", sa.column("member_id"), sa.column("version"), sa.column("terms", sa.JSON()))
check_ins = sa.table("check_ins", sa.column("member_id"), sa.column("zone"))


def upgrade() -> None:
    op.add_column("check_ins", sa.Column("zone", sa.String(length=64), nullable=False, server_default="UTC"))
    agreed = (
        sa.select(agreements.c.terms["cadence"]["zone"].as_string())
        .where(agreements.c.member_id == check_ins.c.member_id)
        .order_by(agreements.c.version.desc())
        .limit(1)
    )
    slacks = sa.select(members.c.zone).where(members.c.id == check_ins.c.member_id)
    zone = sa.func.coalesce(agreed.scalar_subquery(), slacks.scalar_subquery())
    op.execute(check_ins.update().values(zone=zone))
    if op.get_bind().dialect.name == "postgresql":  # SQLite would write the whole table anew for that
        op.alter_column("check_ins", "zone", server_default=None)
