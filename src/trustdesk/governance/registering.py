"""The register of breaches, as what stands below asks for it."""

from collections.abc import Sequence
from datetime import datetime

from trustdesk.governance.services.recording import open_breach
from trustdesk.kernel.context import AccessContext


class Breaches:
    """See `kernel.registries.BreachRegister`."""

    def open(
        self,
        context: AccessContext,
        *,
        kind: str,
        cause: str,
        about: str,
        customer_ids: Sequence[int],
        happened_at: datetime,
        now: datetime,
    ) -> int:
        return open_breach(
            context,
            kind=kind,
            cause=cause,
            about=about,
            customer_ids=customer_ids,
            happened_at=happened_at,
            now=now,
        )
