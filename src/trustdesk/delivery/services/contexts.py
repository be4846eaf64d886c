"""The contexts a worker works under: the house's own, to look after the rows, and that of whoever ordered a message."""

from datetime import datetime, timedelta

from trustdesk.kernel.context import AccessContext
from trustdesk.mandates.api import system_context

_HOUSE_PURPOSE = "administration"
_SPARE = timedelta(minutes=2)  # what one message may take


def house(controller_id: int, *, now: datetime) -> AccessContext:
    """The company's own: sees the outbox, asks nothing and opens nothing."""
    return system_context(controller_id, purpose=_HOUSE_PURPOSE, now=now, on_behalf_of=0)


class Contexts:
    """Contexts by who ordered, kept while they are good. One lane's, so for one company."""

    def __init__(self, controller_id: int) -> None:
        self._controller_id = controller_id
        self._kept: dict[tuple[int, int, str], AccessContext] = {}

    def house(self, *, now: datetime) -> AccessContext:
        """The company's own."""
        return self._good((0, 0, _HOUSE_PURPOSE), now)

    def acting(self, *, operator_id: int, mandate_id: int, purpose: str, now: datetime) -> AccessContext:
        """That of whoever ordered the message. RefusedError where the mandate has ended or no longer covers it."""
        return self._good((operator_id, mandate_id, purpose), now)

    def _good(self, who: tuple[int, int, str], now: datetime) -> AccessContext:
        context = self._kept.get(who)
        if context is None or context.expires_at - now < _SPARE:
            operator_id, mandate_id, purpose = who
            context = system_context(
                self._controller_id,
                purpose=purpose,
                now=now,
                on_behalf_of=operator_id,
                mandate_id=mandate_id or None,
            )
            self._kept[who] = context
        return context
