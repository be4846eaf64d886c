"""What stops an erasure: legal holds that whoever keeps them names, and an officer's own."""

from collections.abc import Sequence

from trustdesk.kernel import registries
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.registries import Person


def grounds(context: AccessContext, persons: Sequence[Person]) -> list[list[str]]:
    """For each person why nothing may be destroyed of it now; none: it may. Each keeper is asked once. Inside the
    scope.
    """
    asked = [each for person in persons for each in person]
    held: dict[int, set[str]] = {}
    for _name, keeper in registries.holds if asked else ():
        for customer_id, found in keeper.holds(context, asked).items():
            held.setdefault(customer_id, set()).update(found)
    return [sorted(set().union(*(held.get(each, ()) for each in person))) for person in persons]
