"""Frozen values that cross delivery's door. None of them holds an address or what a message says."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from trustdesk.decision.contracts import Channel, PurposeKind

UNSUBSCRIBE_PATH = "/unsubscribe/"
"""Where one-click unsubscription (RFC 8058) is answered; a reference follows. The portal mounts it."""
NOTICE_PATH = "/received/"
"""Where a recipient of data says that they have a notice; a reference follows. The portal mounts it."""
RECEIPT_PATH = "/api/receipts/sms/"
"""Where the SMS gateway reports what became of a message. The interface for other systems mounts it."""
CHANNELS = (Channel.EMAIL, Channel.SMS)
"""The channels by which a message is carried from here."""
NOT_URGENT = frozenset({PurposeKind.MARKETING, PurposeKind.RESEARCH})
"""What nobody waits for: it goes after everything else, and every message of it can be stopped by one click."""
PARAMETER = re.compile(r"\{([a-z][a-z0-9_]{0,39})\}")
"""How a template writes a parameter."""


class State(StrEnum):
    QUEUED = "queued"
    CLEARED = "cleared"  # permitted a moment ago; nothing has been handed over
    REFUSED = "refused"  # the gate said no
    HANDING = "handing"  # from here on it may have arrived
    SENT = "sent"  # the server answered for it
    DEFERRED = "deferred"  # tried again by itself
    BOUNCED = "bounced"  # came back after it was sent
    FAILED = "failed"  # definitely not sent
    UNKNOWN = "unknown"  # handed over, no answer: never sent again by itself


class Happening(StrEnum):
    """What moves a message on."""

    QUEUED = "queued"
    PERMITTED = "permitted"
    NOT_PERMITTED = "not-permitted"
    TOO_LATE = "too-late"
    UNSENDABLE = "unsendable"
    PUT_OFF = "put-off"
    REJECTED = "rejected"
    INTERRUPTED = "interrupted"
    HANDING = "handing"
    ACCEPTED = "accepted"
    SILENCE = "silence"
    MISSING = "missing"
    DELIVERED = "delivered"
    RETURNED = "returned"
    SETTLED_AS_SENT = "settled-as-sent"
    ORDERED_AGAIN = "ordered-again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What a message says, in one language. `subject` is empty for SMS.

    `{name}` is filled from a parameter; every parameter named is required and no other is taken. The text is plain,
    paragraphs apart by an empty line; mail gets a simple HTML alternative made from it.
    """

    channel: Channel
    code: str
    language: str  # BCP 47
    text: str
    subject: str = ""

    @property
    def parameters(self) -> frozenset[str]:
        """What has to be given."""
        return frozenset(PARAMETER.findall(f"{self.subject} {self.text}"))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """A message to one person, by reference: `value_id` is the contact point it goes to, one of the customer's.

    `purpose` is the code of a declared purpose. `about` are facts of the undertaking that the rules ask for, never of
    the person. `key` names the message for its caller: the same key is the same message. `not_after` is when it would
    come too late; three days after it was queued, where nothing is said. `campaign_id`: in the course of which campaign
    it is sent; then that has to be running, inside its hours and limits, at the moment of sending.
    `former`: the contact point was replaced lately, and whoever reads there is told of it.
    """

    customer_id: int
    value_id: int
    purpose: str
    template: str
    language: str
    parameters: Mapping[str, str] = field(repr=False)
    key: str = field(repr=False)
    about: Mapping[str, object] = field(default_factory=dict)
    not_after: datetime | None = None
    campaign_id: int | None = None
    former: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """As whom a company writes.

    `return_mailbox` takes back what could not be delivered, and unsubscriptions by mail; it needs sub-addresses
    (`returns+anything@…`, RFC 5233) that `trustdesk bounce` is fed from. `imprint` closes every marketing mail: name,
    address and how to reach the company (Directive 2000/31/EC Art. 5, 2002/58/EC Art. 13(4)). `sms_name` is a number in
    E.164 or up to eleven letters.
    """

    mail_address: str = ""
    mail_name: str = ""
    reply_to: str = ""
    return_mailbox: str = ""
    imprint: str = ""
    sms_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """One message of the outbox: where it stands and why, without what it says and to whom."""

    message_id: int
    channel: Channel
    customer_id: int
    purpose: str
    template: str
    language: str
    urgent: bool
    state: State
    reason: str
    reply: int | None  # SMTP or HTTP status
    status: str  # RFC 3463, "5.1.1"
    attempt: int
    queued_at: datetime
    changed_at: datetime
    next_at: datetime | None
    handed_at: datetime | None
    delivered_at: datetime | None
    decision_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One line of a message's history."""

    at: datetime
    happening: str
    before: State | None
    after: State
    attempt: int
    reason: str
    reply: int | None
    status: str
    operator_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stoppable:
    """What an unsubscribe link ends: messages of this purpose (as people call it) on this channel."""

    controller_id: int
    purpose: str
    channel: Channel


@dataclass(frozen=True, slots=True)
class Count:
    """How many messages of a channel stand in a state for a reason, and the oldest of them."""

    channel: str
    state: State
    reason: str
    messages: int
    oldest_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How an outbox stands: what waits too long, and what nobody knows."""

    waiting: int = 0
    oldest_due_at: datetime | None = None
    unknown: int = 0
    failing_endpoints: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEndpoint:
    """Where another system is called. `recipient_id` names who stands behind it (`clearance`), `events` what it is
    told.
    """

    name: str
    url: str
    recipient_id: int
    purpose: str
    events: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint(NewEndpoint):
    endpoint_id: int
    disabled_at: datetime | None
    disabled_because: str
    failing_since: datetime | None
    rotating_until: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSecret:
    """The secret of an endpoint's signatures (Standard Webhooks, `whsec_…`): shown once."""

    endpoint_id: int
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallView:
    """One call to another system."""

    call_id: int
    endpoint_id: int
    event: str
    state: State
    reason: str
    attempt: int
    occurred_at: datetime
    changed_at: datetime
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt at a call: what the endpoint answered, and how long it took."""

    at: datetime
    reason: str
    status: int | None
    milliseconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeView:
    """One letter to a recipient of data. `customer` is our reference, by which they know the person."""

    notice_id: int
    controller_id: int
    template: str
    customer: str
    state: State
    reason: str
    handed_at: datetime | None
    received_at: datetime | None  # whoever reads there said so


EVENTS: Mapping[str, str] = {
    "customer.changed": "something recorded of a customer changed",
    "customer.consent.changed": "a consent was given or withdrawn, or an objection was made",
    "customer.erased": "a customer was forgotten: forget it too (GDPR Art. 17(2), 19)",
    "request.changed": "a request of a data subject moved on",
    "message.state.changed": "a message of the outbox reached its end",
}
"""What an endpoint can be told. Each carries identifiers; values only where the recipient may be told them."""
