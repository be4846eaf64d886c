"""A person's own recordings, call by call, for the copy of everything that is held of them (GDPR Art. 15(3), 20)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public
from trustdesk.mandates.api import controller
from trustdesk.recordings import vcon
from trustdesk.recordings.contracts import THIRD, Heard, OwnCall, SoundFile
from trustdesk.recordings.models import Recording
from trustdesk.recordings.people import together
from trustdesk.recordings.services import listening
from trustdesk.recordings.services.exporting import grounds
from trustdesk.seal.api import SigningKey

_REASON = "GDPR Art. 15(3)"


def own_calls(context: AccessContext, *, customer_id: int) -> Sequence[OwnCall]:
    """The calls of which the customer has own recordings (see `recordings.api`)."""
    context.check_operation("customer:open")
    ids = together(context, [customer_id]).ids
    with scoped(context.scope):
        rows = Recording.objects.filter(controller_id=context.controller_id, customer_id__in=ids, chunks__gt=0)
        conversations = dict.fromkeys(rows.order_by("began_at", "id").values_list("conversation_id", flat=True))
    calls: dict[tuple[int, int], list[Recording]] = {}
    for conversation_id in conversations:
        for row in _legs(context, customer_id, conversation_id):
            calls.setdefault((conversation_id, row.call_id), []).append(row)
    return [
        OwnCall(
            conversation_id=conversation_id,
            call_id=call_id,
            began_at=min(row.began_at for row in legs),
            milliseconds=max(row.milliseconds for row in legs),
        )
        for (conversation_id, call_id), legs in calls.items()
    ]


def own_sound(context: AccessContext, *, customer_id: int, call: OwnCall) -> Heard:
    """A call's sound, without third parties' (see `recordings.api`)."""
    context.check_operation("customer:open")
    legs = [row for row in _legs(context, customer_id, call.conversation_id) if row.call_id == call.call_id]
    return listening.part(context, legs, what="recording.export", reason=_REASON, start=0, stop=None)


def own_vcon(
    context: AccessContext, *, customer_id: int, conversation_id: int, files: Mapping[int, SoundFile], now: datetime
) -> str:
    """A conversation's own calls as a signed vCon beside its files (see `recordings.api`)."""
    context.check_operation("customer:open")
    calls: dict[int, list[Recording]] = {}
    for row in _legs(context, customer_id, conversation_id):
        if row.call_id in files:
            calls.setdefault(row.call_id, []).append(row)
    if not calls:
        raise listening.nothing()
    company = controller(context.controller_id)
    content = vcon.unsigned(
        host=urlsplit(settings.TRUSTDESK_ADDRESS).hostname or "localhost",
        calls=[_call(legs, files[call_id]) for call_id, legs in calls.items()],
        parties=[{"validation": "own copy"}, {"type": "organization", "name": company.name}],
        subject=to_public(conversation_id),
        now=now,
    )
    key = SigningKey.from_bytes(settings.TRUSTDESK_HOME.secret("log.key"))
    return vcon.signed(content, key, name=company.name, now=now)


def _call(legs: Sequence[Recording], file: SoundFile) -> vcon.Call:
    return vcon.Call(
        start=min(row.began_at for row in legs),
        milliseconds=max(row.milliseconds for row in legs),
        wav=file,
        third=any(row.role == THIRD for row in legs),
        grounds=[grounds(row) for row in legs],
    )


def _legs(context: AccessContext, customer_id: int, conversation_id: int) -> list[Recording]:
    return listening.own_of(context, listening.rows_of(context, conversation_id), customer_id)
