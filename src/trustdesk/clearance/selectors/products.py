"""What is offered, in the words a question may use."""

from collections.abc import Sequence
from dataclasses import dataclass

from trustdesk.clearance.packs import packs
from trustdesk.decision.api import product_words
from trustdesk.kernel.context import AccessContext
from trustdesk.register.api import product_groups


@dataclass(frozen=True, slots=True)
class Products:
    """`own`: as the company's relationships name what was bought. `named_by_rules`: what single rules speak of, by
    their words; who sells that names the product group so.
    """

    own: Sequence[str]
    named_by_rules: Sequence[str]


def products(context: AccessContext) -> Products:
    """What `about["product"]` can say here. Another word is similar to nothing. Needs `clearance:read`."""
    context.check_operation("clearance:read")
    own = product_groups(context)
    return Products(own, [word for word in product_words(packs()) if word not in own])
