"""Capabilities asked to forget somebody, as an erasure asks them: with all who are shown as one."""

from trustdesk.kernel import registries
from trustdesk.kernel.context import AccessContext
from trustdesk.register.api import shown_as_one


def forget(capability: str, context: AccessContext, customer_id: int) -> int:
    """The number of rows that went."""
    erase = registries.privacy.get(capability).erase
    assert erase is not None
    return erase(context, [shown_as_one(context, customer_id)])[0]


def forget_everywhere(context: AccessContext, customer_id: int) -> None:
    """Every capability, in the registry's order."""
    person = shown_as_one(context, customer_id)
    for _name, declared in registries.privacy:
        if declared.erase is not None:
            declared.erase(context, [person])
