"""May somebody be contacted, and what was said about it."""

import re
from datetime import datetime
from typing import Annotated, Self

from django.utils.translation import gettext as _
from pydantic import Field, StringConstraints

from trustdesk.api.schemas.common import Given, GivenId, Id, Instant, Line, Receipt, Shown
from trustdesk.clearance import contracts
from trustdesk.clearance.contracts import By, ConsentState, Evidence, Explanation, Method, Scope
from trustdesk.decision.contracts import Channel, Outcome, PurposeKind
from trustdesk.kernel.errors import BadInputError

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Words = Annotated[str, StringConstraints(max_length=20_000)]
_DIGEST = re.compile(r"[0-9a-f]{64}")


class PurposeShown(Shown):
    """What people are contacted or data are given away for. `term` and `legal_basis` are of DPV 2.3."""

    purpose: str
    label: str
    other_labels: dict[str, str] = Field(description="By BCP 47 language.")
    kind: PurposeKind
    legal_basis: str
    term: str
    declared_at: datetime
    retired_at: datetime | None
    assessed: bool | None = Field(description="Of legitimate interests: whether an assessment is in force; else null.")

    @classmethod
    def of(cls, held: contracts.Purpose, at: datetime) -> Self:
        return cls(
            purpose=held.code,
            label=held.label,
            other_labels=dict(held.other_labels),
            kind=held.kind,
            legal_basis=held.legal_basis,
            term=held.term,
            declared_at=held.declared_at,
            retired_at=held.retired_at,
            assessed=held.assessed(at) if held.article.value.endswith("-f") else None,
        )


class ReasonShown(Shown):
    """One reason, in the language asked for, with the law it comes from."""

    outcome: Outcome
    words: str
    because: list[str]
    rule: str
    statute: str
    url: str

    @classmethod
    def of(cls, line: contracts.Line) -> Self:
        return cls(
            outcome=line.outcome,
            words=line.words,
            because=list(line.because),
            rule=line.rule_id,
            statute=line.statute,
            url=line.url,
        )


class AnswerShown(Shown):
    """May we? Only `permit` means yes. Nothing may be done on it later: each contact is decided anew."""

    outcome: Outcome
    headline: str
    reasons: list[ReasonShown]
    duties: list[str]
    known: dict[str, str] = Field(description="What was at hand, in the language asked for: what is offered first.")
    holds_until: datetime | None
    at: datetime
    packs_digest: str

    @classmethod
    def of(cls, explained: Explanation) -> Self:
        return cls(
            outcome=explained.outcome,
            headline=explained.headline,
            reasons=[ReasonShown.of(line) for line in explained.lines],
            duties=list(explained.duties),
            known=dict(explained.known),
            holds_until=explained.holds_until,
            at=explained.at,
            packs_digest=explained.packs_digest,
        )


class ConsentForm(Given):
    """One event of consent and what proves it. Without a channel an end speaks of every channel; a consent of none: it
    lets data be given to recipients. `spoken_ms` is where in the recording the sentence begins and ends;
    `document_sha256` the digest of a scan or of an import's evidence, 64 hexadecimal digits.
    """

    purpose: Code
    channel: Channel | None = None
    state: ConsentState
    at: Instant
    until: Instant | None = None
    method: Method
    by: By = By.PERSON
    words: Words = ""
    notice_version: Line = ""
    notice_language: Annotated[str, StringConstraints(pattern="^([a-z]{2})?$")] = ""
    recording: Line = ""
    spoken_ms: tuple[int, int] | None = None
    document_sha256: Annotated[str, StringConstraints(max_length=64)] = ""
    reference: Annotated[str, StringConstraints(max_length=200)] = ""
    source_id: GivenId | None = None
    express: bool = Field(default=False, description="Of an import: the person acted expressly.")

    def evidence(self) -> Evidence:
        if self.document_sha256 and not _DIGEST.fullmatch(self.document_sha256):
            raise BadInputError(
                _("This is no SHA-256 digest."), place="document_sha256", mend=_("Give 64 hexadecimal digits.")
            )
        return Evidence(
            method=self.method,
            by=self.by,
            words=self.words,
            notice_version=self.notice_version,
            notice_language=self.notice_language,
            recording=self.recording,
            spoken_ms=self.spoken_ms,
            document_sha256=bytes.fromhex(self.document_sha256),
            reference=self.reference,
            source_id=self.source_id,
        )


class RecordsForm(Given):
    """Consent records of ISO/IEC TS 27560 (JSON-LD), and the document that proves them: its digest and where it is."""

    records: Annotated[list[dict[str, object]], Field(min_length=1, max_length=200)]
    source_id: GivenId
    document_sha256: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
    reference: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class WithdrawalForm(Given):
    """A consent taken back, here and now: no proof is asked for (GDPR Art. 7(3)). Without a channel: every channel."""

    purpose: Code
    channel: Channel | None = None
    method: Method
    words: Words = ""
    reference: Annotated[str, StringConstraints(max_length=200)] = ""


class ObjectionForm(Given):
    """What the person does not want (GDPR Art. 21): one `purpose`, all of a `kind`, or, without both, everything; by
    one channel or by all.
    """

    purpose: Code | None = None
    kind: PurposeKind | None = None
    channel: Channel | None = None
    method: Method
    at: Instant | None = Field(default=None, description="When it was said; now, where not given.")
    words: Words = ""
    reference: Annotated[str, StringConstraints(max_length=200)] = ""

    def scope(self) -> Scope:
        if self.purpose and self.kind:
            raise BadInputError(
                _("Say one purpose or one kind of purposes."), place="kind", mend=_("Leave one of them out.")
            )
        return Scope(purpose=self.purpose or "", kind=self.kind, channel=self.channel)


class CollectionForm(Given):
    """How a number or address came to the company: what soft opt-in rests on (Dir. 2002/58/EC Art. 13(2)). What is
    left out is not known; something has to be said.
    """

    value_id: GivenId | None = Field(default=None, description="One number or address; all of the person's without.")
    from_sale: bool | None = Field(default=None, description="Obtained with the sale of a product or service.")
    told: bool | None = Field(default=None, description="Told then, clearly, that objecting is free.")
    refused: bool | None = Field(default=None, description="Said no then.")
    asked: bool | None = Field(default=None, description="The person asked to be contacted.")
    asked_until: Instant | None = None
    at: Instant | None = Field(default=None, description="When it was; now, where not given.")

    def collection(self) -> contracts.Collection:
        return contracts.Collection(
            value_id=self.value_id,
            from_sale=self.from_sale,
            told=self.told,
            refused=self.refused,
            asked=self.asked,
            asked_until=self.asked_until,
        )


class ConsentReceipt(Receipt):
    customer_id: Id
    event_id: Id


class RecordsReceipt(Receipt):
    customer_id: Id
    event_ids: list[Id]


class ObjectionReceipt(Receipt):
    customer_id: Id
    objection_id: Id


class CollectionReceipt(Receipt):
    customer_id: Id
    collection_id: Id
