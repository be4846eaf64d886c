"""The only way to sound: the log's entry first, committed, then the keys, then the files."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from django.utils.translation import gettext as _

from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.errors import SealBrokenError
from trustdesk.recordings import places
from trustdesk.recordings.models import Recording
from trustdesk.sipedge.api import SealedReader, StereoWav
from trustdesk.vault.api import StreamKey, open_stream_keys


@dataclass(frozen=True, slots=True)
class Opened:
    """A recording and its file, ready to be read."""

    row: Recording
    reader: SealedReader


def keys_of(
    context: AccessContext, rows: Sequence[Recording], *, what: str, fields: Sequence[str], reason: str = ""
) -> list[tuple[Recording, StreamKey]]:
    """The keys of the recordings that still open, after one entry in the log; those that died are left out.

    Its subjects are the customers, and the conversation where its customer is not known.
    """
    subjects = sorted({row.customer_id or row.conversation_id for row in rows})
    opening = Opening(what, subjects, fields, reason)
    keys = open_stream_keys(context, opening=opening, file_ids=[row.id for row in rows])
    return [(row, keys[row.id]) for row in rows if row.id in keys]


@contextmanager
def opened(keys: Sequence[tuple[Recording, StreamKey]]) -> Iterator[list[Opened]]:
    """The files of the recordings; those that are gone or are no recordings are left out."""
    with ExitStack() as stack:
        found = []
        for row, key in keys:
            reader = reader_of(row, key)
            if reader is not None:
                found.append(Opened(row, stack.enter_context(reader)))
        yield found


def reader_of(row: Recording, key: StreamKey) -> SealedReader | None:
    """The reader of a recording's file; None where the file is gone. SealBrokenError where it is no recording."""
    path = places.path_of(row.controller_id, row.id)
    try:
        return SealedReader(path, key=key, bound=places.bound_of(row.controller_id, row.id))
    except OSError:
        return None


def wav(found: Sequence[Opened]) -> StereoWav:
    """One call's legs: whoever called on the left, ours on the right."""
    sides: dict[bool, list[SealedReader]] = {True: [], False: []}
    for one in found:
        sides[one.row.role == "agent"].append(one.reader)
    return StereoWav(sides[False], sides[True])


def broken() -> SealBrokenError:
    """What is said where a recording was altered: what sounds must be what was said."""
    return SealBrokenError(
        _("A recording does not open: its file was altered."),
        place="recording",
        mend=_("Verify it: the log says how it was. Its backup may still be whole."),
    )
