"""What identity holds of a customer for a day: that somebody asked for a link, and that the customer was in."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from trustdesk.isolation.api import joined
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public
from trustdesk.kernel.registries import PersonalField, Planned, PrivacyDeclaration, each_alone, each_planned
from trustdesk.register.api import shown_as_one

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from trustdesk.identity.models import Confirmation, Link, Visit

_PURPOSE = "dpv:IdentityVerification"
_DAY = "P1D"
_TENANT = "which company owns the row"


def _field(table: str, column: str, category: str, *, sealed: bool = False) -> PersonalField:
    return PersonalField(f"identity_{table}", column, category, _PURPOSE, _DAY, sealed)


def export(context: AccessContext, customer_id: int) -> Iterator[Mapping[str, object]]:
    """When links were asked for, when the customer was in, and what waits to be confirmed (GDPR Art. 15(1))."""
    from trustdesk.identity.models import Confirmation, Link, Visit  # noqa: PLC0415 - models exist after start-up only

    own = {"controller_id": context.controller_id}
    with joined(context.scope):
        ids = shown_as_one(context, customer_id)
        links = list(Link.objects.filter(**own, customers__overlap=ids).order_by("asked_at", "id"))
        visits = list(Visit.objects.filter(**own, customer_id__in=ids).order_by("began_at", "id"))
        asked = list(Confirmation.objects.filter(**own, customer_id__in=ids).order_by("asked_at", "id"))
    for link in links:
        yield {
            "kind": "link",
            "language": link.language,
            "at": link.asked_at,
            "expires_at": link.expires_at,
            "used_at": link.used_at,
            "tries": link.tries,
            "shared": link.shared,
        }
    for visit in visits:
        yield {
            "kind": "visit",
            "proof": visit.proof,
            "value": to_public(visit.value_id),
            "began_at": visit.began_at,
            "expires_at": visit.expires_at,
            "ended_at": visit.ended_at,
        }
    for each in asked:
        yield {
            "kind": "confirmation",
            "language": each.language,
            "at": each.asked_at,
            "expires_at": each.expires_at,
            "used_at": each.used_at,
        }


def plan(context: AccessContext, customer_id: int) -> Iterable[Planned]:
    """What `erase` would do: links, visits and confirmations, all of which go."""
    with joined(context.scope):
        links, visits, confirmations = _rows(context, customer_id)
        yield Planned("links", links.count())
        yield Planned("visits", visits.count())
        yield Planned("confirmations", confirmations.count())


def _rows(
    context: AccessContext, customer_id: int
) -> "tuple[QuerySet[Link, Link], QuerySet[Visit, Visit], QuerySet[Confirmation, Confirmation]]":
    from trustdesk.identity.models import Confirmation, Link, Visit  # noqa: PLC0415 - models exist after start-up only

    own = {"controller_id": context.controller_id}
    return (
        Link.objects.filter(**own, customers__contains=[customer_id]),
        Visit.objects.filter(**own, customer_id=customer_id),
        Confirmation.objects.filter(**own, customer_id=customer_id),
    )


def erase(context: AccessContext, customer_id: int) -> int:
    """Forget the customer's links and visits; the number of rows."""
    with joined(context.scope):
        return sum(rows.delete()[0] for rows in _rows(context, customer_id))


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
    erase=each_alone(erase),
    plan=each_planned(plan),
)
