"""A mailbox. Searches narrow down; each mail is then read and decided on by itself, for servers find parts of words."""

import contextlib
import imaplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

from imap_tools.errors import (
    ImapToolsError,
    MailboxFolderSelectError,
    MailboxLoginError,
)
from imap_tools.utils import encode_folder

from trustdesk.outside.contracts import EMAIL, NAME, PHONE, Correction, Count, Fate, Fault, Person, Record
from trustdesk.outside.faults import OutsideError
from trustdesk.outside.kinds.connector import SAMPLES, Show, Take, Tally, sample
from trustdesk.outside.kinds.mails import MARK, Reader, digest, readable, shown
from trustdesk.outside.matching import Whose
from trustdesk.outside.posts import Post
from trustdesk.outside.setups import ImapSetup

_HEADERS = ("FROM", "TO", "CC", "BCC")
_DELETED = r"(\Deleted)"


class ImapConnector:
    """One signed-in session; folders one after the other."""

    def __init__(self, setup: ImapSetup, secret: str) -> None:
        self._setup = setup
        self._secret = secret
        self._mailbox: Post | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._mailbox is not None:
            with contextlib.suppress(OSError, imaplib.IMAP4.error, ImapToolsError):
                self._mailbox.logout()

    def check(self) -> None:
        """See `Connector`."""
        for folder in self._setup.folders:
            self._in(folder, readonly=True)

    def find(self, person: Person, show: Show) -> Sequence[Count]:
        """See `Connector`."""
        counts = []
        for folder in self._setup.folders:
            tally = Tally(folder)
            for _uid, raw, whose in self._mails(folder, person, readonly=True):
                if tally.found + tally.doubtful < SAMPLES:
                    show(sample(folder, shown(raw), doubtful=whose is Whose.DOUBTFUL))
                tally.add(whose)
            counts.append(tally.count())
        return counts

    def export(self, person: Person, take: Take) -> Sequence[Count]:
        """See `Connector`. A mail that somebody else stands in too is counted as found and not handed out."""
        counts, reader = [], Reader(self._setup, person)
        for folder in self._setup.folders:
            tally = Tally(folder)
            for uid, raw, whose in self._mails(folder, person, readonly=True):
                tally.add(whose)
                if whose is Whose.THEIRS and reader.alone(raw):
                    fields = readable(raw)
                    own = dict.fromkeys(fields, "")
                    kind = "message/rfc822"
                    take(Record(place=folder, name=uid, fields=fields, own=own, content=raw, media_type=kind))
                    tally.changed += 1
            counts.append(tally.count())
        return counts

    def rectify(self, person: Person, corrections: Sequence[Correction]) -> Sequence[Count]:  # noqa: ARG002
        """See `Connector`. What was written stays as it was written."""
        return [Tally(folder).count() for folder in self._setup.folders]

    def erase(self, person: Person) -> Sequence[Count]:
        """See `Connector`. What is only taken apart is put back before the whole is deleted: none is lost between."""
        counts, reader = [], Reader(self._setup, person)
        for folder in self._setup.folders:
            tally = Tally(folder)
            going = []
            for uid, raw, whose in self._mails(folder, person, readonly=False):
                tally.add(whose)
                if whose is not Whose.THEIRS:
                    continue
                if self._setup.fate is Fate.CLEAR or not reader.alone(raw):
                    self._put_back(folder, uid, raw, reader)
                going.append(uid)
            with self._faults(folder):
                self._delete(going)
            tally.changed = len(going)
            counts.append(tally.count())
        return counts

    def _mails(self, folder: str, person: Person, *, readonly: bool) -> Iterator[tuple[str, bytes, Whose]]:
        """Those that are the person's or may be; one is in memory at a time."""
        box, reader = self._in(folder, readonly=readonly), Reader(self._setup, person)
        with self._faults(folder):
            uids = sorted({uid for asked in _searches(self._setup, person) for uid in _found(box, asked)}, key=int)
            for uid in uids:
                said, parts = box.client.uid("FETCH", uid, "(BODY.PEEK[])")
                raw = _content(parts) if said == "OK" else None
                if raw is not None and (whose := reader.whose(raw)) is not Whose.ANOTHERS:
                    yield uid, raw, whose

    def _put_back(self, folder: str, uid: str, raw: bytes, reader: Reader) -> None:
        """The mail without the person, once: with the same instant and flags as the whole."""
        box = self._open()
        with self._faults(folder):
            if _found(box, f'HEADER {MARK} "{digest(raw)}"'):
                return  # a try that was killed had come so far
            held = next(iter(box.fetch(uid_list=uid, mark_seen=False, headers_only=True)), None)
            _said, parts = box.client.uid("FETCH", uid, "(INTERNALDATE)")
            at = imaplib.Internaldate2tuple(parts[0]) if parts and isinstance(parts[0], bytes) else None
            flags = [flag for flag in (held.flags if held else ()) if flag.lower() not in {"\\recent", "\\deleted"}]
            said, _data = box.client.append(
                encode_folder(folder).decode("ascii"), f"({' '.join(flags)})", at or "", reader.taken_out(raw)
            )
            if said != "OK":
                raise OutsideError(Fault.REFUSED, where=folder)

    def _delete(self, uids: Sequence[str]) -> None:
        """These and no others: what somebody else marked as deleted is not ours to expunge (RFC 4315)."""
        box = self._open()
        if not uids:
            return
        capable = "UIDPLUS" in _capabilities(box)
        if not capable and set(_found(box, "DELETED")) - set(uids):
            raise OutsideError(Fault.BUSY)
        for start in range(0, len(uids), 100):
            some = ",".join(uids[start : start + 100])
            box.client.uid("STORE", some, "+FLAGS.SILENT", _DELETED)
            said, _data = box.client.uid("EXPUNGE", some) if capable else box.client.expunge()
            if said != "OK":
                raise OutsideError(Fault.REFUSED)

    def _in(self, folder: str, *, readonly: bool) -> Post:
        box = self._open()
        with self._faults(folder):
            box.folder.set(folder, readonly=readonly)
        return box

    def _open(self) -> Post:
        if self._mailbox is None:
            with self._faults(""):
                self._mailbox = Post(self._setup.host, self._setup.port, starttls=self._setup.encryption == "starttls")
                self._mailbox.login(self._setup.user, self._secret, initial_folder=None)
        return self._mailbox

    @contextmanager
    def _faults(self, where: str) -> Iterator[None]:
        """The server's words quote mails; ours name the declared folder."""
        try:
            yield
        except OutsideError:
            raise
        except MailboxLoginError:
            raise OutsideError(Fault.SIGN_IN) from None
        except MailboxFolderSelectError:
            raise OutsideError(Fault.SCHEMA, where=where) from None
        except ssl.SSLError:
            raise OutsideError(Fault.IDENTITY) from None
        except TimeoutError:
            raise OutsideError(Fault.TIMEOUT, where=where) from None
        except (imaplib.IMAP4.abort, OSError):
            raise OutsideError(Fault.UNREACHABLE, where=where) from None
        except (imaplib.IMAP4.error, ImapToolsError):
            raise OutsideError(Fault.REFUSED, where=where) from None


def _searches(setup: ImapSetup, person: Person) -> Iterator[str]:
    """What the server is asked: a little too much rather than too little."""
    for address in (*person.known.get(EMAIL, ()), *person.former.get(EMAIL, ())):
        for header in _HEADERS:
            yield f"{header} {_quoted(address)}"
    for key in {EMAIL, *setup.mentioned} - {NAME}:
        for text in person.known.get(key, ()):
            if key != PHONE:
                yield f"TEXT {_quoted(text)}"
                continue
            # However a number is spaced out, its last digits stand together more often than all of them.
            yield f"TEXT {_quoted(text[-4:])}"


def _found(box: Post, criteria: str) -> list[str]:
    charset = None if criteria.isascii() else "UTF-8"
    return box.uids(criteria if charset is None else criteria.encode(), charset=charset)


def _capabilities(box: Post) -> str:
    """As they are once signed in: the client remembers those from before."""
    _said, told = box.client.capability()
    return b" ".join(part for part in told if isinstance(part, bytes)).decode("ascii", "replace")


def _content(parts: Sequence[Any]) -> bytes | None:
    return next((bytes(part[1]) for part in parts if isinstance(part, tuple)), None)


def _quoted(text: str) -> str:
    """A quoted string (RFC 3501, 4.3); what can't stand in one is left out."""
    plain = "".join(letter for letter in text if letter.isprintable())
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'
