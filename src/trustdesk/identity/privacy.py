"""What identity holds of a customer for a day: that somebody asked for a link, and that the customer was in."""

from collections.abc import Iterable, Mapping

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.registries import PersonalField, PrivacyDeclaration

_PURPOSE = "dpv:IdentityVerification"
_DAY = "P1D"
_TENANT = "which company owns the row"


def _field(table: str, column: str, category: str, *, sealed: bool = False) -> PersonalField:
    return PersonalField(f"identity_{table}", column, category, _PURPOSE, _DAY, sealed)


def export(context: AccessContext, customer_id: int) -> Iterable[Mapping[str, object]]:
    """When the customer was in (GDPR Art. 15(1))."""
    from trustdesk.identity.models import Visit  # noqa: PLC0415 - models exist after start-up only

    with scoped(context.scope):
        rows = Visit.objects.filter(controller_id=context.controller_id, customer_id=customer_id).order_by("began_at")
        return [{"visit": row.began_at, "proof": row.proof} for row in rows]


def erase(context: AccessContext, customer_id: int) -> int:
    """Forget the customer's links and visits; the number of rows."""
    from trustdesk.identity.models import Confirmation, Link, Visit  # noqa: PLC0415 - models exist after start-up only

    own = {"controller_id": context.controller_id}
    with scoped(context.scope):
        return sum(
            (
                Link.objects.filter(**own, customers__contains=[customer_id]).delete()[0],
                Visit.objects.filter(**own, customer_id=customer_id).delete()[0],
                Confirmation.objects.filter(**own, customer_id=customer_id).delete()[0],
            )
        )


DECLARATION = PrivacyDeclaration(
    capability="identity",
    fields=(
        _field("link", "address", "pd:Contact", sealed=True),
        _field("link", "address_key", "dpv:PseudonymisedData"),
        _field("link", "browser", "dpv:PseudonymisedData"),
        _field("link", "language", "pd:Language"),
        _field("link", "customers", "pd:UID"),
        _field("link", "values", "pd:UID"),
        _field("link", "shared", "dpv:PersonalData"),
        _field("link", "tries", "dpv:PersonalData"),
        _field("link", "asked_at", "dpv:PersonalData"),
        _field("link", "expires_at", "dpv:PersonalData"),
        _field("link", "used_at", "dpv:PersonalData"),
        _field("form", "sent", "pd:Contact", sealed=True),
        _field("form", "address_key", "dpv:PseudonymisedData"),
        _field("form", "asked_at", "dpv:PersonalData"),
        _field("form", "expires_at", "dpv:PersonalData"),
        _field("confirmation", "customer_id", "pd:UID"),
        _field("confirmation", "event_id", "pd:UID"),
        _field("confirmation", "message_id", "pd:UID"),
        _field("confirmation", "language", "pd:Language"),
        _field("confirmation", "asked_at", "pd:PrivacyPreference"),
        _field("confirmation", "expires_at", "pd:PrivacyPreference"),
        _field("confirmation", "used_at", "pd:PrivacyPreference"),
        _field("visit", "customer_id", "pd:UID"),
        _field("visit", "value_id", "pd:UID"),
        _field("visit", "proof", "dpv:PersonalData"),
        _field("visit", "began_at", "dpv:PersonalData"),
        _field("visit", "expires_at", "dpv:PersonalData"),
        _field("visit", "ended_at", "dpv:PersonalData"),
    ),
    not_personal={
        "identity_link.controller_id": _TENANT,
        "identity_link.id": "names a question, not a person",
        "identity_link.digest": "of a random secret",
        "identity_form.controller_id": _TENANT,
        "identity_form.id": "names a question, not a person",
        "identity_confirmation.controller_id": _TENANT,
        "identity_confirmation.id": "names a question, not a person",
        "identity_confirmation.digest": "of a random secret",
        "identity_visit.controller_id": _TENANT,
        "identity_visit.id": "names a visit, not a person",
        "identity_visit.digest": "of a random secret",
    },
    export=export,
    erase=erase,
)
