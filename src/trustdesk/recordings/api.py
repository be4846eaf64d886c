"""Recordings of calls: each leg a sealed file under a key of its own, found, heard, checked, handed out and destroyed.

Functions take the access context first and work under its signed scope; `now` is an aware instant, milliseconds are
those of the call's clock, which all legs of a call share. Errors are those of `kernel.errors` and NoRecordingError.
Law: GDPR Art. 5(1)(e), 6, 13, 15(3), 17, 18, 32; Directive 2002/58/EC Art. 5(1); what each country adds stands in the
rule packs. The form of a file: `sipedge.audio.sealed`.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from trustdesk.conversations.contracts import How
from trustdesk.kernel.context import AccessContext
from trustdesk.recordings.contracts import (
    CopyView,
    Due,
    Gap,
    Ground,
    Heard,
    Listening,
    NewRecording,
    NoRecordingError,
    Outside,
    OwnCall,
    RecordingKey,
    SoundFile,
    Stray,
    Verified,
)
from trustdesk.recordings.selectors import holds, newest, of_conversation, recording, tallies, unrecorded
from trustdesk.recordings.services import beginning as _beginning
from trustdesk.recordings.services import copying as _copying
from trustdesk.recordings.services import destroying as _destroying
from trustdesk.recordings.services import ending as _ending
from trustdesk.recordings.services import exporting as _exporting
from trustdesk.recordings.services import filing as _filing
from trustdesk.recordings.services import following as _following
from trustdesk.recordings.services import holding as _holding
from trustdesk.recordings.services import listening as _listening
from trustdesk.recordings.services import own as _own
from trustdesk.recordings.services import strays as _strays
from trustdesk.recordings.services import thirds as _thirds
from trustdesk.recordings.services import verifying as _verifying

__all__ = [
    "NoRecordingError",
    "begin",
    "copy_by_link",
    "copy_days",
    "destroy_due",
    "due",
    "export_vcon",
    "export_wav",
    "file_under",
    "finish",
    "follow",
    "hear",
    "hold",
    "holds",
    "identify_third",
    "listen",
    "newest",
    "not_recorded",
    "of_conversation",
    "own_calls",
    "own_copy",
    "own_sound",
    "own_vcon",
    "play_copy",
    "recording",
    "recover",
    "release",
    "send_copy",
    "strays",
    "take_third_back",
    "tallies",
    "unrecorded",
    "verify",
]


def begin(context: AccessContext, *, new: NewRecording, now: datetime) -> RecordingKey:
    """A key of its own and an empty private file for one leg, for the edge that seals it; for the switchboard only.

    It is asked a second time what the edge has asked: NoRecordingError, whose `place` is the reason as a word (`off`,
    `no-notice`, `notice-not-heard`, `no-consent`, `agent-has-not-agreed`), where what was heard or pressed does not fit
    the mode, or the disk takes no file (`disk-full`, `disk`); then there is neither row nor key nor file. RefusedError
    where the customer was erased. "recording.begun" is in the log, with leg, notice, key and rules, in the same
    transaction.
    """
    return _beginning.begin(context, new=new, now=now)


def not_recorded(
    context: AccessContext,
    *,
    conversation_id: int,
    interaction_id: int,
    call_id: int,
    reason: str,
    queue: str = "",
    now: datetime,
) -> None:
    """Keep that a call, or a leg of it, was not recorded, and why: a word of the edge. It stands in the list, once also
    where it is told twice.
    """
    _beginning.not_recorded(
        context,
        conversation_id=conversation_id,
        interaction_id=interaction_id,
        call_id=call_id,
        reason=reason,
        queue=queue,
        now=now,
    )


def finish(
    context: AccessContext,
    *,
    recording_id: int,
    chunks: int,
    head: str,
    milliseconds: int,
    gaps: Sequence[Gap] = (),
    reason: str = "",
    now: datetime,
) -> None:
    """Close a recording with what the edge told of its end; a `reason` means that a fault ended it.

    Number and head of its chunks go into the log ("recording.ended"): by them a file that was cut, altered or
    lengthened is known. Told twice it is done once. One without a chunk is destroyed. NotFoundError where there is no
    such recording any more, ConflictError where it was closed otherwise.
    """
    _ending.finish(
        context,
        recording_id=recording_id,
        chunks=chunks,
        head=head,
        milliseconds=milliseconds,
        gaps=gaps,
        reason=reason,
        now=now,
    )


def recover(*, alive: Collection[int] = (), now: datetime) -> int:
    """Close, over all companies, the recordings that no call makes any more; how many.

    `alive` are those that the edge still makes, as its snapshot says: called without it where no edge runs. Files are
    read up to their last whole second, and that is what the log then says of them (state `lost`); one without sound is
    destroyed. Those younger than half a minute wait for the next call.
    """
    return _ending.recover(alive=alive, now=now)


def file_under(context: AccessContext, *, conversation_id: int, customer_id: int, now: datetime) -> int:
    """File a conversation's recordings under a customer: each key is wrapped under the customer's own, over what it
    was wrapped under before. How many were filed anew; those that are the customer's already stay, and so do third
    parties': what they said is not the customer's.

    RefusedError where the customer's key is destroyed. Also while a recording is being made. Of a call that came into
    the conversation by a reference, and whose caller nobody has confirmed, nothing is filed. Whoever identifies a
    conversation's customer, or takes that back, needs not call it: recordings follow in the same transaction.
    """
    return _filing.file_under(context, conversation_id=conversation_id, customer_id=customer_id, now=now)


def identify_third(context: AccessContext, *, recording_id: int, customer_id: int, how: How, now: datetime) -> None:
    """Who took part in a call as a third party is this customer, known in this way: their voice, all that the call has
    of it, is filed under their own keys and dies with them. Nothing else changes hands: what was said of the case stays
    with the customer whose conversation it is (GDPR Art. 15(4)). Needs `conversation:work`.

    BadInputError where `how` identifies nobody, NotFoundError where it is no third party's, ConflictError where it is
    somebody else already, RefusedError where the customer's data may only be stored. A second time changes nothing.
    """
    _thirds.identify_third(context, recording_id=recording_id, customer_id=customer_id, how=how, now=now)


def take_third_back(context: AccessContext, *, recording_id: int, now: datetime) -> None:
    """It was somebody else: the third party's voice leaves that customer's keys, and copies that they were sent open
    nothing any more. Needs `conversation:work`. ConflictError where nobody was identified.
    """
    _thirds.take_third_back(context, recording_id=recording_id, now=now)


def follow(context: AccessContext, *, interaction_id: int, conversation_id: int, now: datetime) -> int:
    """Move the recordings of a call to the conversation to which the call has gone; how many. Whose they are is not
    changed by it. ConflictError where a legal hold lies on the one that they would leave.
    """
    return _following.follow(context, interaction_id=interaction_id, conversation_id=conversation_id, now=now)


def hold(context: AccessContext, *, conversation_id: int, ground: Ground, file_number: str, now: datetime) -> int:
    """Place a legal hold on a conversation and its recordings, those to come included; its id. Needs `recording:hold`.

    While it lives neither is destroyed, by its date or by an erasure (GDPR Art. 17(3)(b), (e)). BadInputError where the
    file has no number, NotFoundError where nothing was recorded.
    """
    return _holding.hold(context, conversation_id=conversation_id, ground=ground, file_number=file_number, now=now)


def release(context: AccessContext, *, hold_id: int, now: datetime) -> None:
    """End a legal hold: what is due is destroyed at the next round. Needs `recording:hold`.

    What is of a customer who was erased meanwhile is destroyed at once. NotFoundError, ConflictError as ever.
    """
    _holding.release(context, hold_id=hold_id, now=now)


def destroy_due(context: AccessContext, *, now: datetime, limit: int = _destroying.CHUNK) -> int:
    """Destroy up to `limit` recordings whose day has come and that no legal hold keeps; how many.

    Key, row and file go; the log's entry and a number by month stay.
    """
    return _destroying.destroy_due(context, now=now, limit=limit)


def due(context: AccessContext, *, until: datetime) -> Sequence[Due]:
    """What falls due before an instant, by day, and how much of it a legal hold keeps. Needs `recording:read`."""
    return _destroying.due(context, until=until)


def listen(context: AccessContext, *, conversation_id: int, purpose: str, now: datetime) -> Listening:
    """Begin to listen to a conversation, for some hours: its calls with outline and gaps. Needs `recording:listen`.

    `purpose` is one of `contracts.Purpose`; BadInputError without one. It is in the log before a chunk is opened.
    NotFoundError where nothing can be heard (any more); RefusedError where the customer's data may only be stored
    (GDPR Art. 18(2)) and one may not lift that.
    """
    return _listening.listen(context, conversation_id=conversation_id, purpose=purpose, now=now)


def hear(
    context: AccessContext, *, listening_id: int, call_id: int, now: datetime, start: int = 0, stop: int | None = None
) -> Heard:
    """Octets `start` to `stop` of a call's WAV file: 8 kHz, 16 bit, whoever called on the left, ours on the right.

    Who hears which span for what is committed to the log before the first octet, whatever becomes of the stream.
    NotFoundError where the listening has ended or is another's, SealBrokenError where the file was altered.
    """
    return _listening.hear(context, listening_id=listening_id, call_id=call_id, start=start, stop=stop, now=now)


def export_wav(
    context: AccessContext,
    *,
    conversation_id: int,
    call_id: int,
    purpose: str,
    outside: Outside | None = None,
    now: datetime,
) -> Heard:
    """One call as a WAV file, to be taken out. Needs `recording:export`; `purpose` as in `listen`. RefusedError where
    somebody's data may only be stored, but by who may lift that: for legal claims (`contracts.CLAIMS`), or for the
    customer who asks and nobody outside (GDPR Art. 18(2)).

    Where it is meant for somebody outside, that recipient may be told so by `clearance`: NotClearedError with the
    verdict otherwise. "recording.exported" is in the log, with the recipient, before the first octet.
    """
    return _exporting.export_wav(
        context, conversation_id=conversation_id, call_id=call_id, purpose=purpose, outside=outside, now=now
    )


def export_vcon(
    context: AccessContext, *, conversation_id: int, purpose: str, outside: Outside | None = None, now: datetime
) -> str:
    """All calls of a conversation as one signed vCon (draft-ietf-vcon-vcon-core), with the notices and consents they
    rest on; as `export_wav`. Needs `conversation:read` too. It is made in memory: half a gigabyte of WAV at most.
    """
    return _exporting.export_vcon(context, conversation_id=conversation_id, purpose=purpose, outside=outside, now=now)


def own_copy(
    context: AccessContext, *, customer_id: int, value_id: int, digits: str, asker: str, now: datetime
) -> Listening:
    """What the customer of a visit may hear of the conversation behind a reference: the own recordings, with the
    agent's side and without third parties'. Needs `conversation:find` and `customer:open`, as a visit has them.

    RefusedError where the contact point `value_id`, by which the visit began, has stood for less than thirty days.
    NotFoundError, always the same, where there is no such reference, it is another's, or nothing was recorded.
    ThrottledError for whoever guesses.
    """
    return _copying.own_copy(context, customer_id=customer_id, value_id=value_id, digits=digits, asker=asker, now=now)


def own_calls(context: AccessContext, *, customer_id: int) -> Sequence[OwnCall]:
    """The calls of which the customer has own recordings, in their order: those of their conversations, and those in
    which they took part as a third party. Needs `customer:open`; opens nothing.
    """
    return _own.own_calls(context, customer_id=customer_id)


def own_sound(context: AccessContext, *, customer_id: int, call: OwnCall) -> Heard:
    """One of these calls as a WAV file: the customer's voice with the agent's, never a third party's; of who was the
    third party, the own voice alone. Needs `customer:open`; in the log before its first octet.

    NotFoundError where it is gone, SealBrokenError where its file was altered.
    """
    return _own.own_sound(context, customer_id=customer_id, call=call)


def own_vcon(
    context: AccessContext, *, customer_id: int, conversation_id: int, files: Mapping[int, SoundFile], now: datetime
) -> str:
    """A conversation's own calls as a signed vCon that refers to their files by name and SHA-512: no audio is in it,
    so that its size does not depend on theirs. `files` are by call. Needs `customer:open`.
    """
    return _own.own_vcon(context, customer_id=customer_id, conversation_id=conversation_id, files=files, now=now)


def copy_days(context: AccessContext, *, customer_id: int) -> int | None:
    """Within how many days the customer can have a copy of their recordings who asks for one, by the rules under which
    they were made: the shortest time counts. None where there are none. Needs `customer:open`.
    """
    return _copying.copy_days(context, customer_id=customer_id)


def send_copy(context: AccessContext, *, conversation_id: int, now: datetime) -> int:
    """Send the customer of a conversation a link to a copy, for seven days, in the language in which it was held; the
    message's id. Needs `recording:export` and `conversation:read`.

    It goes to a contact point on file that has stood for thirty days, through `delivery` and its gate. ConflictError
    where there is none, or where nobody was identified; RefusedError where the customer is restricted (GDPR Art. 18):
    nobody writes to them meanwhile.
    """
    return _copying.send_copy(context, conversation_id=conversation_id, now=now)


def copy_by_link(controller_id: int, *, token: str, now: datetime) -> tuple[AccessContext, CopyView]:
    """The copy behind a link that was sent, and the context of who holds it. NotFoundError where it opens nothing.

    Opens no sound: links are followed by mail programs too.
    """
    return _copying.copy_by_link(controller_id, token=token, now=now)


def play_copy(context: AccessContext, *, copy: CopyView, now: datetime) -> Listening:
    """Begin to listen to a copy that was sent, under the context of `copy_by_link`. NotFoundError where it is gone."""
    return _copying.play_copy(context, copy=copy, now=now)


def verify(context: AccessContext, *, recording_id: int, now: datetime) -> Verified:
    """Compute a recording's chain of chunks and compare it with the log's entry. Needs `recording:read`, `log:read`.

    Nothing is opened. What the answer rests on can be proved by the entry's inclusion in the tree (`audit.api.proof`).
    """
    return _verifying.verify(context, recording_id=recording_id, now=now)


def strays(context: AccessContext, *, now: datetime) -> Stray:
    """Files without a row, and rows without a file: counts, for the examination of the installation."""
    return _strays.strays(context, now=now)
