"""What stops an erasure: legal holds that whoever keeps them names, and an officer's own."""

from collections.abc import Sequence

from trustdesk.kernel import registries
from trustdesk.kernel.context import AccessContext


def grounds(context: AccessContext, ids: Sequence[int]) -> list[str]:
    """Why nothing may be destroyed of these customers now; none: it may. Inside the scope."""
    return sorted({ground for _name, keeper in registries.holds for ground in keeper.holds(context, ids)})
