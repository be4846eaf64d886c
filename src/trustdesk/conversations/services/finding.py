"""Finding a case by its reference. Whoever guesses is stopped, alone and all together; every miss counts.

Misses are committed on a connection of their own: a guess counts also where the request around it fails.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from django.conf import settings
from django.utils.translation import gettext as _

from trustdesk.conversations import references
from trustdesk.conversations.models import Conversation, Miss
from trustdesk.isolation.api import raw_pool, scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ThrottledError
from trustdesk.kernel.ids import new_id
from trustdesk.seal.api import derive, mac

T = TypeVar("T")

ONE_MISSES = 5
ONE_WITHIN = timedelta(minutes=15)
ALL_MISS = 300
ALL_WITHIN = timedelta(hours=1)
"""A million open cases among 10^11 numbers: 300 guesses an hour find one in 330 hours, and everybody is told before."""

# In one line, so that of two misses at once one is the last that was free.
_WAIT = "SELECT set_config('trustdesk.scope', %s, true), pg_advisory_xact_lock(%s)"
_INSERT = "INSERT INTO conversations_miss (controller_id, id, asker, at) VALUES (%s, %s, %s, %s)"
_COUNTS = """
SELECT count(*) FILTER (WHERE asker = %s AND at > %s), count(*) FROM conversations_miss
WHERE controller_id = %s AND at > %s
"""
_LOCK = 0x7265_6600_0000_0000  # "ref", then the company


def by_reference(context: AccessContext, *, digits: str, asker: str, now: datetime) -> int | None:
    """The conversation of a reference, typed or said with spaces or hyphens; None where it is none of the company's.
    Needs `conversation:find`. It finds a case and identifies nobody. The reference of a call that went to a case leads
    to that case.

    `asker` names whoever asks (a caller's number, an operator, an address): only its keyed digest is kept, for a day.
    ThrottledError after five misses of one asker in a quarter of an hour, or 300 of all in an hour. A miss is written
    also where nothing else is: so it can't be asked while a page is only shown.
    """
    context.check_operation("conversation:find")
    return by_any_reference(
        context, digits=digits, asker=asker, find=lambda named: of_reference(context, named), now=now
    )


def by_any_reference(
    context: AccessContext, *, digits: str, asker: str, find: Callable[[str], T | None], now: datetime
) -> T | None:
    """Whatever else of the company's carries such references, under the same throttle: `find` gets the twelve digits
    inside the scope and says what they lead to. Who may ask is checked by whoever calls. Else as `by_reference`.
    """
    key = _asker_key(context, asker)
    with scoped(context.scope):
        _check(context, key, now)
        reference = references.read(digits)
        found = find(reference) if reference else None
        if found is None:
            _missed(context, key, now)
    return found


def of_reference(context: AccessContext, reference: str) -> int | None:
    """The conversation of a reference, inside the scope; asked by nobody who has not passed the throttle."""
    rows = Conversation.objects.filter(controller_id=context.controller_id, reference=reference)
    found = rows.values_list("id", "joined_to").first()
    return None if found is None else found[1] or found[0]


def _asker_key(context: AccessContext, asker: str) -> bytes:
    secret = derive(bytes.fromhex(settings.SECRET_KEY), "trustdesk conversations asker")
    return mac(secret, f"{context.controller_id}|{asker}".encode())


def _check(context: AccessContext, key: bytes, now: datetime) -> None:
    misses = Miss.objects.filter(controller_id=context.controller_id)
    own = misses.filter(asker=key, at__gt=now - ONE_WITHIN)
    if own.count() >= ONE_MISSES:
        raise _throttled(own.order_by("-at")[ONE_MISSES - 1].at + ONE_WITHIN, now)
    everybody = misses.filter(at__gt=now - ALL_WITHIN)
    if everybody.count() >= ALL_MISS:
        raise _throttled(everybody.order_by("-at")[ALL_MISS - 1].at + ALL_WITHIN, now)


def _missed(context: AccessContext, key: bytes, now: datetime) -> None:
    """Count it; the miss that shuts the door leaves its entry in the log."""
    controller = context.controller_id
    with raw_pool().connection() as apart, apart.transaction(), apart.cursor() as cursor:
        cursor.execute(_WAIT, [context.scope, _LOCK + controller])
        cursor.execute(_INSERT, [controller, new_id(), key, now])
        cursor.execute(_COUNTS, [key, now - ONE_WITHIN, controller, now - ALL_WITHIN])
        one, everybody = cursor.fetchone() or (0, 0)
    for who, many, most in (("one", one, ONE_MISSES), ("everybody", everybody, ALL_MISS)):
        if many == most:
            context.journal.deed(context, "conversations.references.blocked", detail={"who": who, "misses": many})


def _throttled(until: datetime, now: datetime) -> ThrottledError:
    wait = max(1, int((until - now).total_seconds()))
    return ThrottledError(
        _("Too many references that are none were tried."),
        place="reference",
        mend=_("Wait a quarter of an hour, or find the customer in another way."),
        wait_seconds=wait,
    )
