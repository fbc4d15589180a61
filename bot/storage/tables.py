"""Every table. Each row belongs to a workspace; what somebody wrote is `PrivateText`; every instant is UTC."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Time,
    UniqueConstraint,
    false,
    text,
)

from bot.storage.types import Document, Id, PrivateText, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=True)


def _owned_by(table: str, column: str, *, nullable: bool = False) -> Column[int]:
    return Column(column, Id, ForeignKey(f"{table}.id", ondelete="CASCADE"), nullable=nullable)


def _workspace() -> Column[int]:
    return _owned_by("workspaces", "workspace_id")


def _index_where(where: str, name: str, *columns: str) -> Index:
    """Of the rows alone that satisfy `where`."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


workspaces = Table(
    "workspaces",
    metadata,
    _id(),
    Column("team_id", String(32), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("bot_token", PrivateText, nullable=True),
    Column("bot_user_id", String(32), nullable=False),
    Column("bot_id", String(32), nullable=True),
    Column("wins_channel_id", String(32), nullable=True),
    Column("wins_channel_name", String(128), nullable=True),
    Column("wins_introduced_in", String(32), nullable=True),
    Column("contacts", PrivateText, nullable=True),
    Column("installed_at", UtcDateTime, nullable=False),
    Column("uninstalled_at", UtcDateTime, nullable=True),
    # Whose turn it is to send what was scheduled here, and since when Slack wants us to wait: on the database's clock.
    Column("leased_by", String(64), nullable=True),
    Column("leased_until", UtcDateTime, nullable=True),
    Column("parked_until", UtcDateTime, nullable=True),
    _index_where("parked_until IS NOT NULL", "ix_workspaces_parked_until", "parked_until"),
)

members = Table(
    "members",
    metadata,
    _id(),
    _workspace(),
    Column("slack_id", String(32), nullable=False),
    Column("channel_id", String(32), nullable=True),
    Column("zone", String(64), nullable=False),
    Column("locale", String(16), nullable=False),
    Column("is_admin", Boolean, nullable=False),
    Column("joined_at", UtcDateTime, nullable=False),
    Column("read_at", UtcDateTime, nullable=False),
    Column("paused_at", UtcDateTime, nullable=True),
    Column("paused_until", UtcDateTime, nullable=True),
    Column("stopped_at", UtcDateTime, nullable=True),
    Column("reflected_at", UtcDateTime, nullable=True),
    Column("prompted_on", Date, nullable=True),
    Column("quiet_since", UtcDateTime, nullable=True),
    Column("asked_about_zone", String(64), nullable=True),
    Column("home_opened_at", UtcDateTime, nullable=True),
    Column("heard_at", UtcDateTime, nullable=True),
    Column("ask_zone_at", UtcDateTime, nullable=True),
    UniqueConstraint("workspace_id", "slack_id"),
    _index_where("ask_zone_at IS NOT NULL", "ix_members_ask_zone", "ask_zone_at"),
    _index_where("paused_until IS NOT NULL", "ix_members_paused_until", "paused_until"),
)

agreements = Table(
    "agreements",
    metadata,
    _id(),
    _workspace(),
    _owned_by("members", "member_id"),
    Column("version", Integer, nullable=False),
    Column("terms", Document, nullable=False),
    Column("agreed_at", UtcDateTime, nullable=False),
    UniqueConstraint("member_id", "version"),
)

commitments = Table(
    "commitments",
    metadata,
    _id(),
    _workspace(),
    _owned_by("members", "member_id"),
    Column("text", PrivateText, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("due_day", Date, nullable=True),
    Column("due_time", Time, nullable=True),
    Column("habit_days", Document, nullable=False),
    Column("state", String(16), nullable=False),
    Column("stage", String(32), nullable=True),
    Column("cadence", Document, nullable=True),
    Column("done_looks_like", PrivateText, nullable=True),
    Column("next_step", PrivateText, nullable=True),
    Column("trying", PrivateText, nullable=True),
    Column("tries_on", Date, nullable=True),
    Column("plan", PrivateText, nullable=True),
    Column("cue", Document, nullable=True),
    Column("next_due_at", UtcDateTime, nullable=True),
    Column("next_cue_at", UtcDateTime, nullable=True),
    Column("paused_at", UtcDateTime, nullable=True),
    Column("paused_until", UtcDateTime, nullable=True),
    Column("asks_from", Date, nullable=True),
    Column("asked_on", Date, nullable=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime, nullable=True),
    Index("ix_commitments_member", "member_id"),
    _index_where("next_due_at IS NOT NULL", "ix_commitments_next_due", "next_due_at"),
    _index_where("next_cue_at IS NOT NULL", "ix_commitments_next_cue", "next_cue_at"),
    _index_where("paused_until IS NOT NULL", "ix_commitments_paused_until", "paused_until"),
)

rests = Table(
    "rests",
    metadata,
    _id(),
    _workspace(),
    _owned_by("members", "member_id"),
    Column("kind", String(16), nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("returns_at", UtcDateTime, nullable=True),
    Index("ix_rests_member", "member_id", "last_day"),
    _index_where("returns_at IS NOT NULL", "ix_rests_returns", "returns_at"),
)

revisions = Table(
    "revisions",
    metadata,
    _id(),
    _workspace(),
    _owned_by("commitments", "commitment_id"),
    Column("text", PrivateText, nullable=False),
    Column("due_day", Date, nullable=True),
    Column("due_time", Time, nullable=True),
    Column("revised_at", UtcDateTime, nullable=False),
    Index("ix_revisions_commitment", "commitment_id"),
)

stages = Table(
    "stages",
    metadata,
    _id(),
    _workspace(),
    _owned_by("commitments", "commitment_id"),
    Column("stage", String(32), nullable=True),
    Column("chosen_at", UtcDateTime, nullable=False),
    Index("ix_stages_commitment", "commitment_id"),
)

check_ins = Table(
    "check_ins",
    metadata,
    _id(),
    _workspace(),
    _owned_by("members", "member_id"),
    Column("origin", String(16), nullable=False),
    Column("occurrence", UtcDateTime, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("answered_at", UtcDateTime, nullable=True),
    Column("remind_at", UtcDateTime, nullable=True),
    Column("reminded_at", UtcDateTime, nullable=True),
    Column("ts", String(32), nullable=True),
    Column("late", Boolean, nullable=False),
    Column("snoozed", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("member_id", "origin", "occurrence"),
    Index("ix_check_ins_member", "member_id", "opened_at"),
    _index_where("remind_at IS NOT NULL", "ix_check_ins_remind", "remind_at"),
)

check_in_items = Table(
    "check_in_items",
    metadata,
    _id(),
    _workspace(),
    _owned_by("check_ins", "check_in_id"),
    _owned_by("commitments", "commitment_id"),
    Column("position", Integer, nullable=False),
    Column("since", Date, nullable=True),
    Column("trying", PrivateText, nullable=True),
    Column("follow_up", String(16), nullable=True),
    Column("answer", String(16), nullable=True),
    Column("days", Document, nullable=False),
    Column("note", PrivateText, nullable=True),
    Column("note_ts", String(32), nullable=True),
    Column("note_parts", Document, nullable=True),
    Column("answered_at", UtcDateTime, nullable=True),
    UniqueConstraint("check_in_id", "commitment_id"),
    Index("ix_check_in_items_commitment", "commitment_id"),
)

conversations = Table(
    "conversations",
    metadata,
    _id(),
    _workspace(),
    _owned_by("members", "member_id"),
    _owned_by("commitments", "commitment_id", nullable=True),
    _owned_by("check_ins", "check_in_id", nullable=True),
    Column("guide", String(64), nullable=False),
    Column("state", PrivateText, nullable=False),
    Column("status", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("prompt_step", String(64), nullable=True),
    Column("prompt_ts", String(32), nullable=True),
    Column("thread_ts", String(32), nullable=True),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Index("ix_conversations_member", "member_id", "status"),
    Index("ix_conversations_commitment", "commitment_id"),
    Index("ix_conversations_check_in", "check_in_id"),
)

answers = Table(
    "answers",
    metadata,
    _id(),
    _workspace(),
    _owned_by("members", "member_id"),
    _owned_by("commitments", "commitment_id", nullable=True),
    _owned_by("conversations", "conversation_id"),
    Column("step", String(64), nullable=False),
    Column("question", String(64), nullable=False),
    Column("theme", String(32), nullable=True),
    Column("keeps", String(32), nullable=True),
    Column("text", PrivateText, nullable=False),
    Column("messages", PrivateText, nullable=False),
    Column("answered_at", UtcDateTime, nullable=False),
    UniqueConstraint("conversation_id", "step"),
    Index("ix_answers_member", "member_id", "question"),
    Index("ix_answers_commitment", "commitment_id"),
)

wins = Table(
    "wins",
    metadata,
    _id(),
    _workspace(),
    _owned_by("members", "member_id"),
    _owned_by("commitments", "commitment_id", nullable=True),
    Column("text", PrivateText, nullable=False),
    Column("state", String(16), nullable=False),
    Column("preview_ts", String(32), nullable=True),
    Column("channel_id", String(32), nullable=True),
    Column("ts", String(32), nullable=True),
    Column("introduces", Boolean, nullable=False, default=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("shared_at", UtcDateTime, nullable=True),
    Index("ix_wins_member", "member_id", "created_at"),
    Index("ix_wins_commitment", "commitment_id"),
)

cheers = Table(
    "cheers",
    metadata,
    _id(),
    _workspace(),
    _owned_by("wins", "win_id"),
    Column("slack_id", String(32), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("cheered_at", UtcDateTime, nullable=False),
    Column("told_at", UtcDateTime, nullable=True),
    UniqueConstraint("win_id", "slack_id"),
    _index_where("told_at IS NULL", "ix_cheers_untold", "cheered_at"),
)

deliveries = Table(
    "deliveries",
    metadata,
    _id(),
    _workspace(),
    _owned_by("members", "member_id", nullable=True),
    Column("key", String(128), nullable=False),
    Column("token", String(32), nullable=False),
    Column("lane", String(64), nullable=False),
    Column("method", String(16), nullable=False),
    Column("says", String(48), nullable=False),
    Column("refs", Document, nullable=False),
    Column("is_reply", Boolean, nullable=False, server_default=false()),
    Column("due_at", UtcDateTime, nullable=True),  # empty once there is nothing left to do, which keeps the index small
    Column("state", String(16), nullable=False),
    Column("claimed_by", String(64), nullable=True),
    Column("claimed_until", UtcDateTime, nullable=True),
    Column("attempts", Integer, nullable=False),
    Column("retry_at", UtcDateTime, nullable=True),
    Column("ts", String(32), nullable=True),
    Column("error", String(64), nullable=True),
    Column("sent_at", UtcDateTime, nullable=True),
    UniqueConstraint("workspace_id", "key"),
    _index_where("due_at IS NOT NULL", "ix_deliveries_lane", "lane", "id"),
    _index_where("due_at IS NOT NULL", "ix_deliveries_due", "due_at"),
    _index_where("due_at IS NOT NULL", "ix_deliveries_workspace", "workspace_id", "is_reply", "due_at", "id"),
    _index_where("retry_at IS NOT NULL", "ix_deliveries_retry", "retry_at"),
    Index("ix_deliveries_member", "member_id"),
)

acts = Table(
    "acts",
    metadata,
    _id(),
    _workspace(),
    Column("key", String(255), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("workspace_id", "key"),
)

for _table in metadata.tables.values():
    # SQLite gives the id of a deleted row to the next one: an old button would then be about something else.
    _table.dialect_options["sqlite"]["autoincrement"] = True
