"""Requests of data subjects, by the field names of OpenDSR (github.com/opengdpr/OpenDSR, version 1.0)."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, WithJsonSchema

from trustdesk.api.schemas.common import Given, Id, Instant, Line, Prose, Receipt, Shown, Word
from trustdesk.rights.contracts import STATUS, Channel, Identity, Kind, NewRequest, RequestView, State, Wish

VERSION = "1.0"
IDENTITIES = ("controller_customer_id", "email", "phone")
SubjectRequestId = Annotated[str, WithJsonSchema({"type": "string", "format": "uuid"})]
"""The other system's number in an address: one that is none is simply not found."""
_Url = Annotated[str, StringConstraints(min_length=9, max_length=500, pattern="^https?://")]


class IdentityGiven(Given):
    """One name of the person. It finds a customer and proves nothing."""

    identity_type: Literal["controller_customer_id", "email", "phone"]
    identity_value: Word
    identity_format: Literal["raw"]

    def read(self) -> Identity:
        return Identity(kind=self.identity_type, value=self.identity_value)


class RequestForm(Given):
    """`subject_request_type` is OpenDSR's access, portability or erasure, or another right of GDPR Art. 7(3), 16-22.

    `language`, `words` and `purpose` (what is objected to or withdrawn) are ours.
    """

    regulation: Literal["gdpr"]
    subject_request_id: UUID
    subject_request_type: Kind
    submitted_time: Instant
    subject_identities: Annotated[list[IdentityGiven], Field(min_length=1, max_length=10)]
    api_version: Literal["1.0"] = "1.0"
    status_callback_urls: Annotated[list[_Url], Field(max_length=5)] = []
    language: Annotated[str, StringConstraints(max_length=35, pattern="^[A-Za-z0-9-]*$")] = ""
    words: Prose | None = None
    purpose: Line = ""

    def read(self) -> NewRequest:
        return NewRequest(
            kind=self.subject_request_type,
            channel=Channel.API,
            received_at=self.submitted_time,
            language=self.language,
            words=self.words or "",
            wish=Wish(purpose=self.purpose),
            external_id=str(self.subject_request_id),
        )


class RequestReceipt(Receipt):
    """Taken in."""

    controller_id: str
    subject_request_id: str
    received_time: Instant
    expected_completion_time: Instant

    @classmethod
    def of(cls, controller_id: int, view: RequestView, at: Instant) -> "RequestReceipt":
        return cls(
            controller_id=str(controller_id),
            subject_request_id=view.external_id,
            received_time=at,
            expected_completion_time=view.clock.due_at,
        )


class CancellationReceipt(Receipt):
    """Taken back."""

    controller_id: str
    subject_request_id: str
    received_time: Instant


class RequestStatus(Shown):
    """Where it stands. `state`, `reference` and `law` are ours."""

    controller_id: str
    subject_request_id: str
    request_status: str
    expected_completion_time: Instant
    api_version: str
    request_id: Id
    reference: str
    state: State
    law: str

    @classmethod
    def of(cls, controller_id: int, view: RequestView) -> "RequestStatus":
        return cls(
            controller_id=str(controller_id),
            subject_request_id=view.external_id,
            request_status=STATUS[view.state],
            expected_completion_time=view.clock.due_at,
            api_version=VERSION,
            request_id=view.request_id,
            reference=view.reference,
            state=view.state,
            law=view.law,
        )


class IdentityTaken(Shown):
    identity_type: str
    identity_format: str


class Discovery(Shown):
    """What this side understands."""

    api_version: str
    supported_identities: list[IdentityTaken]
    supported_subject_request_types: list[Kind]

    @classmethod
    def own(cls) -> "Discovery":
        taken = [IdentityTaken(identity_type=kind, identity_format="raw") for kind in IDENTITIES]
        return cls(api_version=VERSION, supported_identities=taken, supported_subject_request_types=list(Kind))
