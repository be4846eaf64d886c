"""The ASGI application."""

import os
from contextlib import suppress
from threading import Thread

from django.core.asgi import get_asgi_application

from trustdesk.kernel.registries import check_complete

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trustdesk.settings.base")
application = get_asgi_application()
check_complete()


def _read_rules() -> None:
    """Rules take a second to read: not that of the first agent who asks. A broken pack is told to whoever needs it."""
    from trustdesk.clearance import api as clearance  # noqa: PLC0415  # after django.setup()
    from trustdesk.decision.contracts import BrokenPackError  # noqa: PLC0415

    with suppress(BrokenPackError):
        clearance.packs()


Thread(target=_read_rules, daemon=True).start()
