"""Slack listeners, one module per topic: parse, call one service, ack. All else that is said is a delivery row."""

from handlers import (
    agreements,
    buddy,
    check_ins,
    commitments,
    conversations,
    cues,
    days,
    home,
    lifecycle,
    lists,
    messages,
    pauses,
    privacy,
    profiles,
    rests,
    settings,
    silence,
    snoozing,
    unknown,
    wins,
)
from handlers.desk import Desk

TOPICS = (
    commitments,
    check_ins,
    conversations,
    messages,
    home,
    agreements,
    buddy,
    cues,
    days,
    lifecycle,
    lists,
    pauses,
    privacy,
    profiles,
    rests,
    settings,
    silence,
    snoozing,
    unknown,
    wins,
)
"""What comes most stands first: Bolt asks one listener after the other whether a request is theirs."""


def register(desk: Desk) -> None:
    """Registers every listener with the desk's Bolt app."""
    for topic in TOPICS:
        topic.register(desk)
