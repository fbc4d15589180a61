"""what came of a commitment or check-in

Revision ID: 0009
Revises: 0008
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Home asked for the numbers on the ruler, each click in a check-in for the conversation that came of it, and each
    # row that is deleted for those that lead to it: all that anybody had ever answered was read for it.
    op.create_index("ix_conversations_commitment", "conversations", ["commitment_id"])
    op.create_index("ix_conversations_check_in", "conversations", ["check_in_id"])
    op.create_index("ix_answers_commitment", "answers", ["commitment_id"])
    op.create_index("ix_wins_commitment", "wins", ["commitment_id"])
