"""Consents, as events that are added and never changed."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.clearance import wire
from trustdesk.clearance.contracts import By, ConsentState, Evidence, Method, Purpose, Scope, SuppressionReason
from trustdesk.clearance.farewells import Fell, basis_fell
from trustdesk.clearance.packs import packs
from trustdesk.clearance.selectors.setup import current
from trustdesk.clearance.services.evidence import EXPRESS, check
from trustdesk.clearance.services.suppressions import suppress_customer
from trustdesk.clearance.subjects import country_of, hold
from trustdesk.decision.api import consent_age
from trustdesk.decision.contracts import Channel
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, RefusedError
from trustdesk.kernel.ids import new_id
from trustdesk.mandates.api import controller
from trustdesk.register.api import age
from trustdesk.vault.api import Place, Sealer

PROOF = "proof"
"""The retention class of words and uses: kept five years from grant and from each use (UWG § 7a(2))."""

STRICTNESS = {
    ConsentState.WITHDRAWN: 6,
    ConsentState.REFUSED: 5,
    ConsentState.EXPIRED: 4,
    ConsentState.REQUESTED: 3,
    ConsentState.PRESUMED: 2,
    ConsentState.GIVEN: 1,
}
"""Of two events of the same instant the stricter counts."""

_ENDING = frozenset({ConsentState.REFUSED, ConsentState.WITHDRAWN, ConsentState.EXPIRED})
_SUPPRESSING = frozenset({ConsentState.REFUSED, ConsentState.WITHDRAWN})
_INSERT = """
INSERT INTO clearance_consent_event (controller_id, customer_id, id, purpose_id, channel, state, strictness, at, until,
  express, of_age, by, method, words, notice_version, notice_language, recording, spoken_from_ms, spoken_to_ms,
  document_sha256, reference, source_id, digest, recorded_at, recorded_by)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
_KNOWN = "SELECT id FROM clearance_consent_event WHERE controller_id = %s AND customer_id = %s AND digest = %s"
_NOTICE = """
SELECT 1 FROM clearance_notice WHERE controller_id = %s AND version = %s
"""
_SOURCE = "SELECT 1 FROM register_source WHERE controller_id = %s AND id = %s"


def words_place(event_id: int) -> Place:
    return Place("clearance_consent_event", "words", row=event_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """An event about to be added to the history."""

    purpose: str
    channel: Channel | None
    state: ConsentState
    evidence: Evidence
    at: datetime
    until: datetime | None = None
    express: bool = False

    @property
    def channel_name(self) -> str:
        return self.channel.value if self.channel else ""

    def digest(self, purpose: Purpose) -> bytes:
        """By what an event is known again. Not by its words: a plain digest of a sentence gives the sentence away."""
        said = self.evidence
        parts = [
            purpose.purpose_id,
            self.channel_name,
            self.state.value,
            self.at.timestamp(),
            self.until.timestamp() if self.until else "",
            said.by.value,
            said.method.value,
            said.notice_version.strip(),
            said.recording,
            said.spoken_ms or "",
            said.document_sha256.hex(),
            said.reference.strip(),
            said.source_id or "",
        ]
        return hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).digest()


def record_consent(
    context: AccessContext,
    *,
    customer_id: int,
    purpose: str,
    channel: Channel | None,
    state: ConsentState,
    evidence: Evidence,
    at: datetime,
    now: datetime,
    until: datetime | None = None,
    express: bool = False,
) -> int:
    """Add one event to the history; its id. Needs `consent:record`. The same event a second time is the first one.

    Without a `channel` an end (refused, withdrawn, expired) speaks of every channel, and a consent of none: it lets
    data be given to recipients (see `disclose`). `express` says it of imports; other methods say it by themselves. A
    consent under age is refused (GDPR Art. 8(1)) unless a guardian gave it; one whose age can't be read is recorded
    and can't be decided on. A refusal or withdrawal also suppresses the customer's points for purpose and channel, and
    waits until nobody is contacting the customer.
    BadInputError where it lies in the future, ends before it begins, or the evidence does not prove it.
    """
    if at > now:
        raise BadInputError(_("The event lies in the future."), place="at", mend=_("Record it when it has happened."))
    said = NewEvent(
        purpose=purpose, channel=channel, state=state, evidence=evidence, at=at, until=until, express=express
    )
    return add_event(context, customer_id=customer_id, said=said, now=now)


def withdraw(
    context: AccessContext,
    *,
    customer_id: int,
    purpose: str,
    channel: Channel | None,
    method: Method,
    now: datetime,
    by: By = By.PERSON,
    words: str = "",
    reference: str = "",
) -> int:
    """Record a withdrawal (GDPR Art. 7(3)), here and now; the event's id. Needs `consent:record`.

    When this returns, no message to the customer for purpose and channel is handed over any more.
    """
    evidence = Evidence(method=method, by=by, words=words, reference=reference)
    return record_consent(
        context,
        customer_id=customer_id,
        purpose=purpose,
        channel=channel,
        state=ConsentState.WITHDRAWN,
        evidence=evidence,
        at=now,
        now=now,
    )


def add_event(context: AccessContext, *, customer_id: int, said: NewEvent, now: datetime) -> int:
    """As `record_consent`; what comes in from elsewhere may lie in the future and counts from its day on."""
    context.check_operation("consent:record")
    _check(said)
    with scoped(context.scope):
        purpose = current(context).purpose(said.purpose)
        _check_notice(context, said.evidence)
        _check_source(context, said.evidence)
        ids = hold(context, customer_id)
        digest = said.digest(purpose)
        known = wire.fetch(_KNOWN, [context.controller_id, ids[0], digest])
        if known:
            return int(known[0][0])
        of_age = _of_age(context, ids[0], said)
        event_id = new_id()
        _insert(context, ids[0], event_id, said, purpose=purpose, digest=digest, of_age=of_age, now=now)
        if said.state in _SUPPRESSING:
            scope = Scope(purpose=said.purpose, channel=said.channel)
            suppress_customer(context, ids, scope=scope, reason=SuppressionReason.WITHDRAWAL, at=said.at, now=now)
        context.journal.deed(
            context,
            f"clearance.consent.{said.state.value}",
            subjects=[ids[0]],
            detail={
                "event": event_id,
                "purpose": said.purpose,
                "channel": said.channel_name,
                "method": said.evidence.method.value,
            },
        )
        if said.state in _ENDING:
            basis_fell(context, ids[0], Fell.WITHDRAWAL, said.purpose, now)
    return event_id


def _insert(
    context: AccessContext,
    customer_id: int,
    event_id: int,
    said: NewEvent,
    *,
    purpose: Purpose,
    digest: bytes,
    of_age: bool | None,
    now: datetime,
) -> None:
    evidence = said.evidence
    with Sealer(context) as sealer:
        words = sealer.seal(customer_id, PROOF, words_place(event_id), evidence.words)
    express = evidence.method in EXPRESS or (evidence.method is Method.IMPORT and said.express)
    wire.run(
        _INSERT,
        [
            context.controller_id,
            customer_id,
            event_id,
            purpose.purpose_id,
            said.channel_name,
            said.state.value,
            STRICTNESS[said.state],
            said.at,
            said.until,
            express and said.state is ConsentState.GIVEN,
            of_age,
            evidence.by.value,
            evidence.method.value,
            words,
            evidence.notice_version.strip(),
            evidence.notice_language,
            evidence.recording,
            *(evidence.spoken_ms or (None, None)),
            evidence.document_sha256,
            evidence.reference.strip(),
            evidence.source_id,
            digest,
            now,
            context.operator_id,
        ],
    )


def _check(said: NewEvent) -> None:
    if said.until is not None and (said.state in _ENDING or said.until <= said.at):
        raise BadInputError(_("It would end before it begins."), place="until", mend=_("Give a later end, or none."))
    check(said.state, said.evidence)


def _check_notice(context: AccessContext, evidence: Evidence) -> None:
    """Shown was one of our notices, unless the consent was given elsewhere."""
    version = evidence.notice_version.strip()
    if not version or evidence.method is Method.IMPORT:
        return
    if not wire.fetch(_NOTICE, [context.controller_id, version]):
        raise BadInputError(
            _("No notice of this version is published."), place="notice_version", mend=_("Publish it first.")
        )


def _check_source(context: AccessContext, evidence: Evidence) -> None:
    """What came from elsewhere came from somewhere."""
    if evidence.source_id is None:
        return
    if not wire.fetch(_SOURCE, [context.controller_id, evidence.source_id]):
        raise BadInputError(_("There is no such source."), place="source_id", mend=_("Record the source first."))


def _of_age(context: AccessContext, customer_id: int, said: NewEvent) -> bool | None:
    """True: of age, by a guardian, or no birth date is known. None: there is one that can't be read here."""
    if said.state is not ConsentState.GIVEN or said.evidence.by is By.GUARDIAN:
        return True
    known = age(context, customer_id, on=said.at.date())
    if not known.recorded:
        return True
    if known.years is None:
        return None
    countries = {country_of(context, customer_id), controller(context.controller_id).country} - {""}
    needed = consent_age(packs(), countries, said.at)
    if known.years < needed:
        raise RefusedError(
            _("A child under %(age)s can't consent alone.") % {"age": needed},
            place="GDPR Art. 8(1)",
            mend=_("Record the consent of whoever holds parental responsibility."),
        )
    return True
