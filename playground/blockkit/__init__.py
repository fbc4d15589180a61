"""Block Kit as strict as Slack: pure checks of messages and views, written as tables of fields and limits."""

from playground.blockkit.checks import check_message, check_options, check_view
from playground.blockkit.rules import Problem

__all__ = ["Problem", "check_message", "check_options", "check_view"]
