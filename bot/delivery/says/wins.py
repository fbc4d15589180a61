"""Wins: how they are rendered when they are sent."""

from collections.abc import Mapping

from bot.delivery.telling import Render, Sent, Unsure
from bot.domain.deliveries import Says

RENDER: Mapping[Says, Render] = {}
SENT: Mapping[Says, Sent] = {}
UNSURE: Mapping[Says, Unsure] = {}
