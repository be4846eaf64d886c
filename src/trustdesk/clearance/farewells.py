"""Saying that a basis fell, in the transaction in which it does, to whoever forgets what stood on it."""

from datetime import datetime
from enum import StrEnum

from trustdesk.kernel import registries
from trustdesk.kernel.context import AccessContext


class Fell(StrEnum):
    """What a person's act took away."""

    WITHDRAWAL = "withdrawal"
    OBJECTION = "objection"


def basis_fell(context: AccessContext, customer_id: int, cause: Fell, about: str, now: datetime) -> None:
    """One person's basis."""
    for _name, watch in registries.farewells:
        watch.basis_fell(context, customer_id=customer_id, cause=cause.value, about=about, now=now)


def purpose_fell(context: AccessContext, purpose: str, now: datetime) -> None:
    """A purpose's, and so everybody's who consented to it."""
    for _name, watch in registries.farewells:
        watch.purpose_fell(context, purpose=purpose, now=now)
