"""A message as its carrier takes it: opened, filled in, and forgotten after the attempt."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What an SMTP connection is given."""

    name: str
    sender: str  # of the envelope: where bounces go
    recipient: str = field(repr=False)
    content: bytes = field(repr=False)
    utf8: bool
    envelope_id: str

    @property
    def domain(self) -> str:
        return self.recipient.rpartition("@")[2].lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What an SMS gateway is given."""

    name: str  # by which the gateway knows it again
    sender: str
    recipient: str = field(repr=False)
    text: str = field(repr=False)
    valid_until: datetime
    receipt_url: str

    @property
    def domain(self) -> str:
        return ""


Parcel = Mail | Text
