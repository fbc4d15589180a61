"""What a playground is started with."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from playground.rates import MESSAGES_A_MINUTE, TIERS


class PlaygroundSettings(BaseModel):
    """`manifest` is the app's own: scopes, events, commands and shortcuts come from it. All times are seconds."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    host: str = "127.0.0.1"
    port: int = 3100
    """0 takes a free port."""
    state_file: Path | None = None
    """One JSON file, or None to keep everything in memory."""
    manifest: dict[str, Any]
    bot_token: str = "xoxb-playground"  # noqa: S105 - a stand-in workspace has no secrets
    app_token: str = "xapp-playground"  # noqa: S105
    signing_secret: str = "playground"  # noqa: S105
    request_url: str | None = None
    """None speaks Socket Mode; a URL gets signed HTTP requests instead."""
    org_wide: bool = False
    """Whether the token is of an installation in a whole organization."""
    crowd: int = Field(default=0, ge=0)
    """So many people more, beside Maya, Jonas and Priya: UCROWD00001 and so on."""
    on_start_over: Callable[[], Awaitable[None]] | None = None
    ack_seconds: float = 3.0
    retry_after_seconds: tuple[float, ...] = Field(default=(0.0, 60.0, 300.0))
    trigger_seconds: float = 3.0
    response_url_seconds: float = 1800.0
    rate_limits: bool = False
    """Whether to answer 429 where Slack would; see rates.py."""
    tiers: dict[int, int] = Field(default=TIERS)
    messages_a_minute: int = Field(default=MESSAGES_A_MINUTE, ge=1)
