"""Recording where values come from."""

from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError
from trustdesk.kernel.ids import new_id
from trustdesk.register.contracts import NewSource, SourceKind
from trustdesk.register.models import Source as SourceRow

_CONTRACT = "eu-gdpr:A6-1-b"
_DIGEST_BYTES = 32


def create_source(context: AccessContext, *, source: NewSource, now: datetime) -> int:
    """Record where values come from; its id. Needs `customer:create`, `list:import`, or for a feed `feed:manage`.

    BadInputError where a name or legal basis is missing, or a bought list lacks seller, date or proof: without
    evidence of its origin a list is not taken in (GDPR Art. 5(2), 14(2)(f)).
    """
    feed = source.kind is SourceKind.FEED and context.allows("feed:manage")
    if not feed and not context.allows("list:import"):
        context.check_operation("customer:create")
    _check(source, now)
    return _insert(context, source, now)


def direct_source(context: AccessContext, *, now: datetime) -> int:
    """The source of what customers say themselves, recorded at its first use; its id. Needs `customer:correct` or
    `customer:create`.
    """
    if not context.allows("customer:create"):
        context.check_operation("customer:correct")
    with scoped(context.scope):
        known = SourceRow.objects.filter(kind=SourceKind.DIRECT.value).order_by("-id").values_list("id", flat=True)
        said = NewSource(kind=SourceKind.DIRECT, name=_("From the customer"), legal_basis=_CONTRACT)
        return known.first() or _insert(context, said, now)


def _insert(context: AccessContext, source: NewSource, now: datetime) -> int:
    identifier = new_id()
    with scoped(context.scope):
        SourceRow.objects.create(
            controller_id=context.controller_id,
            id=identifier,
            kind=source.kind.value,
            name=source.name.strip(),
            legal_basis=source.legal_basis.strip(),
            seller=source.seller.strip(),
            acquired_date=source.acquired_date,
            proof=source.proof.strip(),
            evidence_sha256=source.evidence_sha256,
            created_at=now,
            created_by=context.operator_id,
        )
        context.journal.deed(
            context,
            "register.source.created",
            detail={"source": identifier, "kind": source.kind.value, "evidence_sha256": source.evidence_sha256.hex()},
        )
    return identifier


def _check(source: NewSource, now: datetime) -> None:
    missing = _("A source needs this.")
    for place, text in (("name", source.name), ("legal_basis", source.legal_basis)):
        if not text.strip():
            raise BadInputError(missing, place=place, mend=_("Fill it in."))
    if source.evidence_sha256 and len(source.evidence_sha256) != _DIGEST_BYTES:
        raise BadInputError(
            _("The digest of the evidence is not one of SHA-256."), place="evidence_sha256", mend=_("Give 32 bytes.")
        )
    if source.acquired_date is not None and source.acquired_date > now.date():
        raise BadInputError(_("The date lies in the future."), place="acquired_date", mend=_("Check the year."))
    if source.kind is not SourceKind.BOUGHT:
        return
    evidence = {"seller": source.seller.strip(), "acquired_date": source.acquired_date, "proof": source.proof.strip()}
    for place, given in evidence.items():
        if not given:
            raise BadInputError(
                _("A bought list is not taken in without seller, date, legal basis and proof."),
                place=place,
                mend=_("Ask the seller for the evidence; without it leave the list."),
            )
