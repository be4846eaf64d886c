"""What the register needs to know of the controller it works for."""

import time

from trustdesk.kernel.context import AccessContext
from trustdesk.mandates.api import controller

_KEPT_SECONDS = 60.0
_kept: dict[int, tuple[float, str]] = {}


def country_of(context: AccessContext) -> str:
    """The country in which national phone numbers are read, ISO 3166-1 alpha-2; asked anew once a minute."""
    now = time.monotonic()
    until, country = _kept.get(context.controller_id, (0.0, ""))
    if now >= until:
        country = controller(context.controller_id).country
        _kept[context.controller_id] = (now + _KEPT_SECONDS, country)
    return country
