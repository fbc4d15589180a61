"""How Slack says no."""


class SlackError(Exception):
    """A Web API answer `{"ok": false, "error": code}`."""

    def __init__(
        self,
        code: str,
        *messages: str,
        needed: str | None = None,
        provided: str | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.messages = messages
        """response_metadata.messages."""
        self.needed = needed
        self.provided = provided
        self.retry_after = retry_after
        """Seconds to wait, of ratelimited."""


class ActRefusedError(Exception):
    """A person tried what Slack's own client would not offer them."""
