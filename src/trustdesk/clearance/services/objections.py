"""Objections (GDPR Art. 21): obeyed at once, lifted only by a new act of the person."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.clearance import wire
from trustdesk.clearance.contracts import By, Method, Scope, SuppressionReason
from trustdesk.clearance.farewells import Fell, basis_fell
from trustdesk.clearance.scopes import Stored, stored
from trustdesk.clearance.selectors.setup import current
from trustdesk.clearance.services.consents import PROOF
from trustdesk.clearance.services.suppressions import lift_customer, suppress_customer
from trustdesk.clearance.subjects import hold
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError
from trustdesk.kernel.ids import new_id
from trustdesk.vault.api import Place, Sealer

_KNOWN = "SELECT id FROM clearance_objection WHERE controller_id = %s AND customer_id = %s AND digest = %s"
_INSERT = """
INSERT INTO clearance_objection (controller_id, customer_id, id, act, purpose_id, purpose_kind, channel, at, by, method,
  words, reference, digest, recorded_at, recorded_by)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Act:
    act: str
    scope: Scope
    at: datetime
    by: By
    method: Method
    words: str
    reference: str


def objection_place(objection_id: int) -> Place:
    return Place("clearance_objection", "words", row=objection_id)


def record_objection(
    context: AccessContext,
    *,
    customer_id: int,
    scope: Scope,
    method: Method,
    now: datetime,
    at: datetime | None = None,
    by: By = By.PERSON,
    words: str = "",
    reference: str = "",
) -> int:
    """Record an objection; its id. Needs `consent:record`. The same one a second time is the first one.

    `at` is when it was said: now, where not given. `EVERYTHING`, `ALL_MARKETING` (GDPR Art. 21(2): no balancing), or
    one purpose or channel. The customer's present numbers and addresses are suppressed with it. When this returns,
    nothing that it covers is handed over any more.
    BadInputError where it lies in the future.
    """
    said = _Act(act="objected", scope=scope, at=at or now, by=by, method=method, words=words, reference=reference)
    return _record(context, customer_id, said, now)


def lift_objection(
    context: AccessContext,
    *,
    customer_id: int,
    scope: Scope,
    method: Method,
    now: datetime,
    at: datetime | None = None,
    words: str = "",
    reference: str = "",
) -> int:
    """Record that the person takes an objection back; the act's id. Needs `consent:record`.

    It lifts what was objected to before it, as far as its scope reaches. Without words or a reference that says where
    the act is on record it is nobody's: BadInputError.
    """
    if not (words.strip() or reference.strip()):
        raise BadInputError(
            _("Only an act of the person lifts an objection."), place="reference", mend=_("Say where it is on record.")
        )
    said = _Act(act="lifted", scope=scope, at=at or now, by=By.PERSON, method=method, words=words, reference=reference)
    return _record(context, customer_id, said, now)


def _record(context: AccessContext, customer_id: int, said: _Act, now: datetime) -> int:
    context.check_operation("consent:record")
    if said.at > now:
        raise BadInputError(_("The event lies in the future."), place="at", mend=_("Record it when it has happened."))
    with scoped(context.scope):
        into = stored(current(context), said.scope)
        ids = hold(context, customer_id)
        digest = _digest(said, into)
        known = wire.fetch(_KNOWN, [context.controller_id, ids[0], digest])
        if known:
            return int(known[0][0])
        objection_id = new_id()
        with Sealer(context) as sealer:
            words = sealer.seal(ids[0], PROOF, objection_place(objection_id), said.words)
        wire.run(
            _INSERT,
            [
                context.controller_id,
                ids[0],
                objection_id,
                said.act,
                *into,
                said.at,
                said.by.value,
                said.method.value,
                words,
                said.reference.strip(),
                digest,
                now,
                context.operator_id,
            ],
        )
        _suppress(context, ids, said, now)
        context.journal.deed(
            context,
            f"clearance.objection.{'recorded' if said.act == 'objected' else 'lifted'}",
            subjects=[ids[0]],
            detail={"objection": objection_id, "kind": into.purpose_kind, "channel": into.channel},
        )
        if said.act == "objected":
            basis_fell(context, ids[0], Fell.OBJECTION, str(objection_id), now)
    return objection_id


def _suppress(context: AccessContext, ids: list[int], said: _Act, now: datetime) -> None:
    if said.act == "lifted":
        lift_customer(context, ids, scope=said.scope, at=said.at, now=now)
        return
    in_call = said.method is Method.TOLD_OPERATOR
    reason = SuppressionReason.REFUSED_IN_CALL if in_call else SuppressionReason.OBJECTION
    suppress_customer(context, ids, scope=said.scope, reason=reason, at=said.at, now=now)


def _digest(said: _Act, into: Stored) -> bytes:
    parts = (said.act, *into, said.at.timestamp(), said.by.value, said.method.value, said.reference.strip())
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).digest()
