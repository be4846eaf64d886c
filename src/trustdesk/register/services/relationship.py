"""How a customer stands to the controller."""

from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.isolation.api import scoped
from trustdesk.kernel import registries
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError
from trustdesk.register import wire
from trustdesk.register.contracts import Relationship
from trustdesk.register.services.customers import hold, note_event
from trustdesk.register.services.groups import keep_groups
from trustdesk.register.services.reindexing import reindex

_SET = """
UPDATE register_customer SET customer_since = %s, last_sale_date = %s, product_groups = %s,
  language = coalesce(%s, language)
WHERE controller_id = %s AND id = %s
"""
_END = "UPDATE register_customer SET customer_since = NULL, product_groups = '{}' WHERE controller_id = %s AND id = %s"
_COUNTRY = "UPDATE register_customer SET country = %s WHERE controller_id = %s AND id = %s"
_LETTERS = 2


def set_country(context: AccessContext, *, customer_id: int, country: str, now: datetime) -> None:
    """Record where the customer is (ISO 3166-1 alpha-2), whose law then counts; empty where it is not known.

    Needs `customer:correct`.
    """
    context.check_operation("customer:correct")
    country = country.strip().upper()
    if country and not (len(country) == _LETTERS and country.isascii() and country.isalpha()):
        raise BadInputError(_("There is no such country."), place="country", mend=_("Give two letters, as in FI."))
    with scoped(context.scope):
        owner = hold(context, customer_id, now=now)[0]
        wire.run(_COUNTRY, country, context.controller_id, owner)
        reindex(context, owner)  # spellings go by it
        note_event(context, owner, "relationship", now=now)
        context.journal.deed(context, "register.country.set", subjects=[owner])


def set_relationship(
    context: AccessContext, *, customer_id: int, relationship: Relationship, language: str | None = None, now: datetime
) -> None:
    """Record how the customer stands to the controller, and the customer's language where it is given (BCP 47, empty
    where it is not known). Needs `customer:correct`.
    """
    context.check_operation("customer:correct")
    with scoped(context.scope):
        owner = hold(context, customer_id, now=now)[0]
        wire.run(
            _SET,
            relationship.customer_since,
            relationship.last_sale_date,
            list(relationship.product_groups),
            language,
            context.controller_id,
            owner,
        )
        keep_groups(context, relationship.product_groups)
        note_event(context, owner, "relationship", now=now)
        context.journal.deed(context, "register.relationship.set", subjects=[owner])


def end_relationship(context: AccessContext, *, customer_id: int, now: datetime) -> None:
    """Record that the customer is one no more, of no product group. Needs `customer:correct`.

    When the last sale was stays known: that period runs on in the rules of some countries (ePrivacy Art. 13(2)).
    """
    context.check_operation("customer:correct")
    with scoped(context.scope):
        owner = hold(context, customer_id, now=now)[0]
        wire.run(_END, context.controller_id, owner)
        note_event(context, owner, "relationship", now=now)
        context.journal.deed(context, "register.relationship.set", subjects=[owner])
        for _name, watch in registries.farewells:
            watch.basis_fell(context, customer_id=owner, cause="contract_ended", about="", now=now)
