"""What identity holds of a customer for a day: that somebody asked for a link, and that the customer was in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, LiteralString

from django.db import connection

from trustdesk.isolation.api import joined
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public
from trustdesk.kernel.persons import Lines, owners, records, summed
from trustdesk.kernel.registries import Person, PersonalField, Planned, PrivacyDeclaration
from trustdesk.register.api import shown_as_one

_PURPOSE = "dpv:IdentityVerification"
_DAY = "P1D"
_TENANT = "which company owns the row"

# `customers && …` itself would read every link of the company.
_LINKED: LiteralString = (
    "FROM identity_link WHERE controller_id = %s AND id = ANY(ARRAY(SELECT identity_links_of(%s::bigint[])))"
)
_LINKS: LiteralString = "SELECT id, customers " + _LINKED
_UNLINK: LiteralString = "DELETE " + _LINKED + " RETURNING id, customers"
_THEIRS: LiteralString = " WHERE controller_id = %s AND customer_id = ANY(%s::bigint[])"
_VISITS: LiteralString = "FROM identity_visit" + _THEIRS
_CONFIRMATIONS: LiteralString = "FROM identity_confirmation" + _THEIRS
_OF_EACH: LiteralString = " GROUP BY customer_id"
_COUNT: LiteralString = "SELECT customer_id, count(*) "
_DELETE: LiteralString = "WITH gone AS (DELETE "
_GONE: LiteralString = " RETURNING customer_id) SELECT customer_id, count(*) FROM gone GROUP BY customer_id"


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


def plan(context: AccessContext, persons: Sequence[Person]) -> Sequence[Sequence[Planned]]:
    """What `erase` would do: links, visits and confirmations, all of which go."""
    ids, lines = records(persons), Lines(persons)
    with joined(context.scope):
        lines.going("links", _links_of_each(persons, _ask(_LINKS, context, ids)))
        lines.going("visits", _ask(_COUNT + _VISITS + _OF_EACH, context, ids))
        lines.going("confirmations", _ask(_COUNT + _CONFIRMATIONS + _OF_EACH, context, ids))
    return lines.each


def erase(context: AccessContext, persons: Sequence[Person]) -> Sequence[int]:
    """Forget the customers' links and visits; for each person the number of rows."""
    ids = records(persons)
    with joined(context.scope):
        gone = _links_of_each(persons, _ask(_UNLINK, context, ids))
        gone += _ask(_DELETE + _VISITS + _GONE, context, ids)
        gone += _ask(_DELETE + _CONFIRMATIONS + _GONE, context, ids)
    return summed(persons, gone)


def _ask(statement: str, context: AccessContext, ids: list[int]) -> list[tuple[Any, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [context.controller_id, ids])
        return list(cursor.fetchall())


def _links_of_each(persons: Sequence[Person], links: Iterable[tuple[int, Sequence[int]]]) -> list[tuple[int, int]]:
    """How many links led to each person, at the record shown: a mailbox that several read is of each."""
    whose = owners(persons)
    reached = [{whose[each] for each in customers if each in whose} for _link, customers in links]
    return [(persons[place][0], 1) for found in reached for place in found]


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
    plan=plan,
)
