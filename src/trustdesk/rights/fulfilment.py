"""How each right is fulfilled: a registry by right, filled by those who can. What nobody can do is refused, in words.

Rights stands above those it asks; what it does not know of (an erasure, a copy) registers itself here at start-up.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.registries import Registry
from trustdesk.rights.contracts import Channel, Kind, Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class ToFulfil:
    """An approved request of somebody of whom it is known who they are. `wish` was said by the person: personal."""

    request_id: int
    reference: str
    kind: Kind
    customer_id: int
    channel: Channel
    language: str
    wish: Wish
    work_id: int | None = None  # what `plan` gave


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """How a right is done, in the transaction that approves it. Both get the context, what is asked for, and `now`.

    `fulfil` is true where it is done when it returns; else `rights.api.finish` says so later. `plan` draws it, for the
    rights whose work is looked at before anybody approves it (`states.PLANNED`), and gives its number. `before` is the
    letter that has to leave before it begins, where the person can't be written to afterwards.
    """

    fulfil: Callable[[AccessContext, ToFulfil, datetime], bool]
    plan: Callable[[AccessContext, ToFulfil, datetime], int] | None = None
    before: str = ""


fulfilments: Registry[Fulfilment] = Registry("fulfilment of a right")
"""By `Kind`."""
