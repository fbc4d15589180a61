"""The state file: written whole and atomically, a moment after the last change; read once at the start."""

import asyncio
import logging
from pathlib import Path

from pydantic import RootModel, ValidationError

from playground.workspace import Change, Contents, Workspace

QUIET_SECONDS = 0.3
log = logging.getLogger(__name__)


class _Kept(RootModel[Contents]):
    model_config = {"ser_json_bytes": "base64", "val_json_bytes": "base64"}


class Store:
    def __init__(self, path: Path | None, workspace: Workspace) -> None:
        self._path = path
        self._workspace = workspace
        self.quiet_seconds = QUIET_SECONDS
        self._timer: asyncio.TimerHandle | None = None

    def load(self) -> bool:
        """True when there was something to load. A file nobody can read is set aside, not overwritten."""
        if self._path is None or not self._path.exists():
            return False
        try:
            kept = _Kept.model_validate_json(self._path.read_bytes())
        except ValidationError:
            aside = self._path.with_suffix(".unreadable")
            self._path.replace(aside)
            log.warning(
                "The playground's state file could not be read; it is kept as %s and a new one begun.", aside.name
            )
            return False
        self._workspace.fill(kept.root)
        return True

    def note(self, change: Change) -> None:  # noqa: ARG002 - any change means the same to a file
        if self._path is not None and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self.quiet_seconds, self.save)

    def save(self) -> None:
        """Now, whatever is pending."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        half = self._path.with_suffix(".half")
        half.write_text(_Kept(self._workspace.contents()).model_dump_json(), encoding="utf-8")
        half.replace(self._path)
