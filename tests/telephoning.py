"""Numbers, queues and notices for tests: a company that can be called."""

from datetime import time
from typing import Any

from trustdesk.announcements import api as announcements
from trustdesk.announcements.contracts import NewCallNotice
from trustdesk.clearance.api import packs
from trustdesk.decision.api import recording_rule
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.telephony import api as telephony
from trustdesk.telephony.contracts import NewNumber, NewQueue, NumberView

WEEK = [[(time(8), time(16))]] * 5 + [[], []]


def queue(code: str = "service", **more: Any) -> NewQueue:  # noqa: ANN401 - fields of the queue
    given = {
        "code": code,
        "names": {"en": "Service", "hu": "Szolgálat"},
        "week": WEEK,
        "time_zone": "Europe/Budapest",
        "country": "HU",
    }
    return NewQueue(**{**given, **more})


def number(e164: str, **more: Any) -> NewNumber:  # noqa: ANN401 - fields of the number
    given = {
        "e164": e164,
        "queue": "service",
        "language": "hu",
        "country": "HU",
        "notice": "main",
        "label": "Alföldi Víz",
        "purposes": {"hu": "Ügyfélszolgálat", "en": "Customer service"},
    }
    return NewNumber(**{**given, **more})


def notice(country: str = "HU", sector: str = "general", language: str = "hu", **more: Any) -> NewCallNotice:  # noqa: ANN401
    rule = recording_rule(packs(), country, sector, clock.now())
    given = {
        "code": "main",
        "language": language,
        "country": country,
        "sector": sector,
        "parts": announcements.standard_parts(rule, language, "Alföldi Víz"),
    }
    return NewCallNotice(**{**given, **more})


def reachable(context: AccessContext, e164: str, **more: Any) -> NumberView:  # noqa: ANN401
    """A queue and a number that leads to it."""
    now = clock.now()
    telephony.save_queue(context, new=queue(), now=now)
    return telephony.number(context, telephony.save_number(context, new=number(e164, **more), now=now))
