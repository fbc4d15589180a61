"""Slack's Web API: one module per family of methods."""

from playground.api import chat, conversations, files, people, reactions, scheduled, views
from playground.api.registry import METHODS

__all__ = ["METHODS", "chat", "conversations", "files", "people", "reactions", "scheduled", "views"]
