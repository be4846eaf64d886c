"""Purposes with their legal bases, and the assessments that legitimate interests need."""

import json
import re
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from trustdesk.clearance import wire
from trustdesk.clearance.contracts import Assessment, NewPurpose, Purpose
from trustdesk.clearance.farewells import purpose_fell
from trustdesk.clearance.selectors.setup import changed, current
from trustdesk.clearance.terms import checked
from trustdesk.decision.contracts import LegalBasis
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError
from trustdesk.kernel.ids import new_id

_CODE = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_DECLARE = """
INSERT INTO clearance_purpose (controller_id, id, code, label, other_labels, term, kind, legal_basis, declared_at,
  declared_by)
VALUES (%s, %s, %s, %s, %s::jsonb, %s, %s, %s, %s, %s)
"""
_RETIRE = "UPDATE clearance_purpose SET retired_at = %s WHERE controller_id = %s AND id = %s AND retired_at IS NULL"
_ASSESS = """
INSERT INTO clearance_assessment (controller_id, id, purpose_id, pursued, necessity, balancing, safeguards, assessed_at,
  assessed_by, review_date, recorded_at, recorded_by)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def declare_purpose(context: AccessContext, *, purpose: NewPurpose, now: datetime) -> int:
    """Add a purpose; its id. Needs `clearance:manage`.

    Customers read its name in their own language where it has one there (GDPR Art. 12(1)), else its first one. Term and
    legal basis are terms of DPV 2.3. On legitimate interests (GDPR Art. 6(1)(f)) nothing is permitted before
    `assess_purpose`. BadInputError where something is missing or no such term, ConflictError where the code is taken.
    """
    context.check_operation("clearance:manage")
    if not _CODE.fullmatch(purpose.code):
        raise BadInputError(
            _("A purpose's code has small letters, digits, - and _."), place="code", mend=_("As in newsletter.")
        )
    if not purpose.label.strip():
        raise BadInputError(_("A purpose needs a name that people understand."), place="label", mend=_("Fill it in."))
    term = checked("purposes", purpose.term, place="term")
    basis = checked("legal_bases", purpose.legal_basis, place="legal_basis")
    purpose_id = new_id()
    with scoped(context.scope):
        if purpose.code in current(context).purposes:
            raise ConflictError(_("There is a purpose of this code."), place="code", mend=_("Choose another code."))
        label, others = purpose.label.strip(), json.dumps(_named(purpose))
        controller, operator = context.controller_id, context.operator_id
        wire.run(
            _DECLARE,
            [controller, purpose_id, purpose.code, label, others, term, purpose.kind.value, basis, now, operator],
        )
        changed(context)
        context.journal.deed(
            context,
            "clearance.purpose.declared",
            detail={"purpose": purpose.code, "term": term, "kind": purpose.kind.value, "legal_basis": basis},
        )
    return purpose_id


def _named(purpose: NewPurpose) -> dict[str, str]:
    """The names in other languages, of those we speak; an empty one is none."""
    unknown = set(purpose.other_labels) - set(dict(settings.LANGUAGES))
    if unknown:
        raise BadInputError(_("There is no such language."), place="other_labels", mend=_("Use en, hu, fi, pl or de."))
    return {language: text.strip() for language, text in purpose.other_labels.items() if text.strip()}


def retire_purpose(context: AccessContext, *, code: str, now: datetime) -> None:
    """End a purpose: from now on nothing is permitted for it. Needs `clearance:manage`."""
    context.check_operation("clearance:manage")
    with scoped(context.scope):
        purpose = current(context).living(code, now)
        wire.run(_RETIRE, [now, context.controller_id, purpose.purpose_id])
        changed(context)
        context.journal.deed(context, "clearance.purpose.retired", detail={"purpose": code})
        purpose_fell(context, code, now)


def assess_purpose(context: AccessContext, *, code: str, assessment: Assessment, now: datetime) -> None:
    """Record a legitimate-interest assessment (GDPR Art. 6(1)(f), 5(2)); the newest counts. Needs `clearance:manage`.

    BadInputError where a part is missing, it lies in the future, or the purpose has another legal basis.
    """
    context.check_operation("clearance:manage")
    parts = {
        place: getattr(assessment, place).strip()
        for place in ("pursued", "necessity", "balancing", "safeguards", "assessed_by")
    }
    for place, text in parts.items():
        if not text:
            raise BadInputError(_("An assessment needs this part."), place=place, mend=_("Fill it in."))
    if assessment.assessed_at > now:
        raise BadInputError(
            _("The assessment lies in the future."), place="assessed_at", mend=_("Record it when done.")
        )
    with scoped(context.scope):
        purpose = current(context).purpose(code)
        if purpose.article is not LegalBasis.LEGITIMATE_INTEREST:
            raise BadInputError(
                _("Only legitimate interests are assessed so."),
                place="purpose",
                mend=_("The purpose rests on %(basis)s.") % {"basis": purpose.legal_basis},
            )
        _record(context, purpose, assessment, parts, now)
        changed(context)
        context.journal.deed(context, "clearance.purpose.assessed", detail={"purpose": code})


def _record(
    context: AccessContext, purpose: Purpose, assessment: Assessment, parts: dict[str, str], now: datetime
) -> None:
    wire.run(
        _ASSESS,
        [
            context.controller_id,
            new_id(),
            purpose.purpose_id,
            parts["pursued"],
            parts["necessity"],
            parts["balancing"],
            parts["safeguards"],
            assessment.assessed_at,
            parts["assessed_by"],
            assessment.review_date,
            now,
            context.operator_id,
        ],
    )
