"""Recordings that are taken out: as WAV, or with all they rest on as a signed vCon. In the log before that."""

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from trustdesk.clearance.api import may_disclose
from trustdesk.clearance.contracts import NotClearedError
from trustdesk.conversations.api import line
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, SealBrokenError
from trustdesk.mandates.api import controller
from trustdesk.recordings import vcon
from trustdesk.recordings.contracts import THIRD, Heard, Outside, Purpose
from trustdesk.recordings.models import Recording
from trustdesk.recordings.services import listening
from trustdesk.recordings.services.reading import Opened, broken, keys_of, opened, wav
from trustdesk.recordings.services.restricting import check_taking_out
from trustdesk.seal.api import SigningKey

VOICE = "pd:VoiceCommunicationRecording"
_LARGEST = 512 << 20  # octets of WAV in one vCon: it is made in memory


def export_wav(
    context: AccessContext, *, conversation_id: int, call_id: int, purpose: str, outside: Outside | None, now: datetime
) -> Heard:
    """One call as a WAV file (see `recordings.api`)."""
    legs = [leg for leg in _cleared(context, conversation_id, purpose, outside, now) if leg.call_id == call_id]
    heard = listening.part(context, legs, what="recording.export", reason=purpose, start=0, stop=None)
    _entered(context, legs, "wav", outside)
    return heard


def export_vcon(
    context: AccessContext, *, conversation_id: int, purpose: str, outside: Outside | None, now: datetime
) -> str:
    """A conversation as a signed vCon (see `recordings.api`)."""
    rows = _cleared(context, conversation_id, purpose, outside, now)
    keys = keys_of(context, rows, what="recording.export", fields=["audio"], reason=purpose) if rows else []
    calls: dict[int, list[Opened]] = {}
    try:
        with ExitStack() as stack:
            for one in stack.enter_context(opened(keys)):
                calls.setdefault(one.row.call_id, []).append(one)
            made = [_call(found) for found in calls.values()]
    except SealBrokenError:
        raise broken() from None
    if not made:
        raise listening.nothing()
    company = controller(context.controller_id)
    thread = line(context, conversation_id)
    content = vcon.unsigned(
        host=urlsplit(settings.TRUSTDESK_ADDRESS).hostname or "localhost",
        calls=made,
        parties=[{"validation": thread.how}, {"type": "organization", "name": company.name}],
        subject=thread.reference,
        now=now,
    )
    key = SigningKey.from_bytes(settings.TRUSTDESK_HOME.secret("log.key"))
    _entered(context, [one.row for found in calls.values() for one in found], "vcon", outside)
    return vcon.signed(content, key, name=company.name, now=now)


def _cleared(
    context: AccessContext, conversation_id: int, purpose: str, outside: Outside | None, now: datetime
) -> list[Recording]:
    """The recordings, where they may be taken out for this purpose, and given to whom they are meant for; nothing of
    who is restricted, but for legal claims or for that person.
    """
    context.check_operation("recording:export")
    if purpose not in list(Purpose):
        raise BadInputError(
            _("Say for what the recording is taken out."),
            place="purpose",
            mend=_("Choose one of the purposes; it is kept in the log."),
        )
    if outside is not None:
        verdict = may_disclose(
            context, recipient_id=outside.recipient_id, purpose=outside.purpose, categories=[VOICE], now=now
        )
        if not verdict.permitted:
            raise NotClearedError(
                verdict,
                _("This recipient may not be given recordings."),
                place=verdict.reasons[0].statute.text,
                mend=_("What it may be given for this purpose is declared under “Recipients”."),
            )
    rows = listening.rows_of(context, conversation_id)
    check_taking_out(context, rows, purpose, outside=outside)
    return rows


def _call(found: Sequence[Opened]) -> vcon.Call:
    sound = wav(found)
    if sound.size > _LARGEST:
        raise BadInputError(
            _("This call is too long for a vCon."), place="recording", mend=_("Take it out as a WAV file.")
        )
    return vcon.Call(
        start=min(one.row.began_at for one in found),
        milliseconds=sound.milliseconds,
        wav=b"".join(sound.pieces()),
        third=any(one.row.role == THIRD for one in found),
        grounds=[grounds(one.row) for one in found],
    )


def grounds(row: Recording) -> vcon.Json:
    return {
        "role": row.role,
        "mode": row.mode,
        "rules": list(row.rule_ids),
        "notice_version": row.notice_version,
        "heard_at": row.heard_at.isoformat(),
        "consent_key": row.consent_key,
        "keep_until": row.keep_until.isoformat(),
        "chunks": row.chunks,
        "head": row.head,
        "gaps": row.gaps,
    }


def _entered(context: AccessContext, legs: Sequence[Recording], form: str, outside: Outside | None) -> None:
    with scoped(context.scope):
        context.journal.deed(
            context,
            "recording.exported",
            subjects=sorted({leg.customer_id or leg.conversation_id for leg in legs}),
            detail={
                "recordings": [leg.id for leg in legs],
                "form": form,
                "recipient": outside.recipient_id if outside else None,
                "for": outside.purpose if outside else "",
            },
        )
