"""The base of everything that is kept: frozen, read by name from a row, unknown columns ignored."""

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """A frozen value. Changing one means asking storage for the changed copy."""

    model_config = ConfigDict(frozen=True, extra="ignore")
