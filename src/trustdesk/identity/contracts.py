"""Frozen values that cross identity's door. None of them holds an address."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from trustdesk.clearance.contracts import Notice
from trustdesk.decision.contracts import Channel
from trustdesk.kernel.errors import RefusedError

LINK_LIVES = timedelta(minutes=15)
VISIT_LIVES = timedelta(minutes=30)
CONFIRMATION_LIVES = timedelta(days=7)


class Proof(StrEnum):
    """What has been proved: in proportion to what is opened by it (GDPR Art. 12(6))."""

    MAILBOX = "mailbox"  # the link came to a contact point on file that nobody shares
    MAILBOX_AND_FACT = "mailbox-and-fact"  # shared: and something that those who share it should not know


class Step(StrEnum):
    """What a link that opens still asks for."""

    CONFIRM = "confirm"
    SECOND_PROOF = "second-proof"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question for a link. `browser` stays in the browser that asked, as a cookie: a link opens nowhere else."""

    browser: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A customer who is in, until `expires_at`."""

    visit_id: int
    controller_id: int
    customer_id: int
    value_id: int
    proof: Proof
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A visit that has just begun; the secret goes into the browser's cookie and is kept nowhere else."""

    visit: Visit
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewConfirmation:
    """A consent that a person asked to give by a form, to be confirmed by mail: `words` exactly as they were shown."""

    customer_id: int
    value_id: int  # the e-mail address
    purpose: str
    channel: Channel
    words: str = field(repr=False)
    notice_version: str
    language: str
    reference: str  # of the form


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentForm:
    """What a person entered into a form of the company: that mail about `purpose` may come to `email`. `words` exactly
    as they were shown, under a published notice; `reference` names the form.
    """

    email: str = field(repr=False)
    purpose: str
    words: str = field(repr=False)
    notice_version: str
    language: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """What waits to be confirmed. `notices`: the notice it refers to, in every language it was published in."""

    purpose: str
    channel: Channel
    words: str = field(repr=False)
    notice_version: str
    language: str
    notices: Sequence[Notice]
    asked_at: datetime


class LinkRefusedError(RefusedError):
    """The link opens nothing: unknown, used, too old or in another browser. Nothing says which."""

    code = "link-refused"


class ProofRefusedError(RefusedError):
    """What was given does not fit. Nothing says what would."""

    code = "proof-refused"
