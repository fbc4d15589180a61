"""What Slack's refusals mean for a row, a member or a workspace."""

from collections.abc import Mapping
from typing import Final

TRANSIENT: Final = frozenset(
    {
        "internal_error",
        "fatal_error",
        "request_timeout",
        "update_failed",
    }
)
"""Worth trying again."""

CLOSED: Final = frozenset(
    {
        "service_unavailable",
        *("team_added_to_org", "org_login_required", "external_channel_migrating"),
        *("invalid_auth", "accesslimited"),
        *("ekm_access_denied", "message_limit_exceeded"),
        "messages_tab_disabled",
    }
)
"""Slack, or a workspace that moves into an organization, is not there for a while: minutes or hours. Nor is one that
takes calls from certain addresses only, once ours is none of them: that can be "invalid_auth" too, no reason to forget
a token. Nor one whose admins hold its keys back, or that has sent too much for today, or whose app was configured
wrongly: that is no wish of any member's."""

SLOW_DOWN: Final = frozenset({"ratelimited", "rate_limited"})
"""The workspace waits as long as Slack says."""

NOTHING_THERE: Final = frozenset({"message_not_found"})
"""Nothing to change or to take down any more, which is as good."""

NO_CHANNEL: Final = "channel_not_found"
"""Of a direct message: Slack has put another in its place, as it does when a workspace moves into an organization."""

REVOKED: Final = frozenset({"not_authed", "account_inactive", "token_revoked", "token_expired"})
"""The workspace's token no longer works: nothing more is sent until it is replaced."""

UNREACHABLE: Final = frozenset(
    {
        *("user_disabled", "user_not_found", "user_not_visible", "cannot_dm_bot"),
        *("is_archived", "app_access_restricted"),
    }
)
"""This member cannot be written to."""

LONGEST_PARKING: Final = 600.0
"""Seconds; should Slack ask for more, it is asked again then."""


def retry_after(headers: Mapping[str, str]) -> float:
    """Seconds; Slack names whole ones."""
    named = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return min(float(named), LONGEST_PARKING) if named.strip().isdecimal() else 1.0
