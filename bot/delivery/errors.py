"""What Slack's refusals mean for a row, a member or a workspace."""

from typing import Final

TRANSIENT: Final = frozenset(
    {
        "internal_error",
        "fatal_error",
        "request_timeout",
    }
)
"""Worth trying again."""

CLOSED: Final = frozenset({"service_unavailable", "team_added_to_org", "org_login_required", "invalid_auth"})
"""Slack, or a workspace that moves into an organization, is not there for a while: minutes or hours. Nor is one that
takes calls from certain addresses only, once ours is none of them: that is "invalid_auth" too, no reason to forget a
token."""

SLOW_DOWN: Final = frozenset({"ratelimited", "rate_limited"})
"""The workspace waits as long as Slack says."""

NOTHING_THERE: Final = frozenset({"message_not_found"})
"""Nothing to change or to take down any more, which is as good."""

REVOKED: Final = frozenset({"not_authed", "account_inactive", "token_revoked", "token_expired"})
"""The workspace's token no longer works: nothing more is sent until it is replaced."""

UNREACHABLE: Final = frozenset({"user_disabled", "user_not_found", "cannot_dm_bot", "messages_tab_disabled"})
"""This member cannot be written to."""
