"""What every word on the link is."""

from pydantic import BaseModel, ConfigDict


class Word(BaseModel):
    """Frozen, and nothing in it that is not declared: a typing error is an error, not a default."""

    model_config = ConfigDict(frozen=True, extra="forbid")
