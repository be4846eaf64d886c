"""What is in the ZIP of a copy: which forms, in which order."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from trustdesk.copies.contracts import Document, Kind
from trustdesk.copies.forms import page, paper, structured
from trustdesk.copies.forms.pack import Member
from trustdesk.copies.reading import sections
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError, SealBrokenError
from trustdesk.kernel.ids import to_public
from trustdesk.recordings import api as recordings
from trustdesk.recordings.contracts import VCON_MEDIA_TYPE, OwnCall, SoundFile

_WAV = "audio/x-wav"
_READABLE, _SOUNDS = 0.5, 0.95
_QUICK = 1  # sound is a lot, and gets little smaller


def members(
    context: AccessContext, customer_id: int, document: Document, *, told: Callable[[float], None]
) -> Iterator[Member]:
    """The files, each made when its turn comes. `told`: how far it is, of 1."""
    if document.kind is Kind.ACCESS:
        read = list(sections(document.parts, zone=document.zone, purposes=document.purposes))
        yield Member("copy.html", "text/html", partial(page.page_pieces, document, read))
        yield Member("copy.pdf", "application/pdf", lambda: [paper.pdf(document, read)])
    yield Member("copy.json", "application/json", partial(structured.json_pieces, document))
    yield Member("copy.schema.json", "application/schema+json", lambda: [structured.SCHEMA.read_bytes()])
    for part in document.parts:
        yield Member(f"tables/{part.kind}.csv", "text/csv", partial(structured.csv_pieces, part))
    for file in document.files:
        yield Member(file.name, file.media_type, partial(_given, [file.content]))
    told(_READABLE)
    yield from _sounds(context, customer_id, document, told=told)


def _sounds(
    context: AccessContext, customer_id: int, document: Document, *, told: Callable[[float], None]
) -> Iterator[Member]:
    """The own recordings as WAV files, and a signed vCon a conversation that says what they rest on."""
    calls = list(recordings.own_calls(context, customer_id=customer_id))
    files: dict[int, dict[int, SoundFile]] = {}
    for number, call in enumerate(calls, start=1):
        name = f"recordings/{to_public(call.conversation_id)}-{to_public(call.call_id)}.wav"
        heard = _heard(context, customer_id, call)
        if heard is not None:
            of_conversation = files.setdefault(call.conversation_id, {})
            yield Member(
                name,
                _WAV,
                partial(_given, heard),
                level=_QUICK,
                told=partial(_listed, of_conversation, call.call_id, name),
            )
        told(_READABLE + (_SOUNDS - _READABLE) * number / len(calls))
    for conversation_id, held in files.items():
        text = recordings.own_vcon(
            context, customer_id=customer_id, conversation_id=conversation_id, files=held, now=document.made_at
        )
        yield Member(f"{to_public(conversation_id)}.vcon", VCON_MEDIA_TYPE, partial(_given, [text.encode()]))


def _heard(context: AccessContext, customer_id: int, call: OwnCall) -> Iterable[bytes] | None:
    """None where its file is gone or was altered: what sounds must be what was said; the row says that it was."""
    try:
        return recordings.own_sound(context, customer_id=customer_id, call=call).pieces
    except (NotFoundError, SealBrokenError):
        return None


def _given(pieces: Iterable[bytes]) -> Iterable[bytes]:
    return pieces


def _listed(files: dict[int, SoundFile], call_id: int, name: str, sha512: bytes) -> None:
    files[call_id] = SoundFile(name=name, sha512=sha512)
