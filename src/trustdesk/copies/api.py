"""Copies of what is held of a person: GDPR Art. 15(1)-(4) and Art. 20, CJEU C-487/21, C-579/21, C-307/22.

A copy is ordered, made by a job, sealed under a key of its own, handed out to who has proved to be the person or to an
officer, and destroyed when its days are over. Functions take the access context first and work under its signed scope;
`now` is an aware instant. Errors are those of `kernel.errors`.
"""

from datetime import datetime

from trustdesk.copies.contracts import CopyView, Download, Kind
from trustdesk.copies.selectors import copy, newest, of_customer
from trustdesk.copies.services import handing as _handing
from trustdesk.copies.services import ordering as _ordering
from trustdesk.copies.services import sending as _sending
from trustdesk.copies.wordings import labels
from trustdesk.kernel.context import AccessContext

__all__ = [
    "by_link",
    "copy",
    "destroy",
    "destroy_expired",
    "download",
    "labels",
    "make",
    "newest",
    "of_customer",
    "own_download",
    "send",
]


def make(
    context: AccessContext, *, customer_id: int, kind: Kind, language: str = "", send: bool = False, now: datetime
) -> CopyView:
    """Order a copy; a job makes it, all who are shown as one with the customer together. Needs `copy:make`.

    `language`: the customer's, else the company's first. `send`: the letter with the link goes as soon as it is ready.
    While one of the same kind is being made that one is given back. NotFoundError for a stranger. "copy.ordered" is in
    the log.
    """
    return _ordering.make(context, customer_id=customer_id, kind=kind, language=language, to_send=send, now=now)


def send(context: AccessContext, *, copy_id: int, now: datetime) -> int:
    """Send the customer the link to a copy that is ready; the message's id. Needs `copy:make`.

    It goes to a contact point on file that has stood for thirty days, through `delivery` and its gate. An earlier link
    to the same copy opens nothing from then on. ConflictError where the copy is not ready or there is no such point.
    """
    return _sending.send(context, copy_id=copy_id, now=now)


def by_link(controller_id: int, *, token: str, now: datetime) -> CopyView:
    """The copy behind a link that was sent: what it is and until when, nothing of the person. NotFoundError, always the
    same, where it opens nothing. A link alone downloads nothing: who follows it proves anew who they are.
    """
    return _sending.by_link(controller_id, token=token, now=now)


def download(context: AccessContext, *, copy_id: int, now: datetime) -> Download:
    """The file, for an officer. Needs `copy:make` and a mandate for every category of data: it holds all of them.

    In the log before its first octet leaves ("copy.downloaded"), and counted. NotFoundError where it is not ready or
    gone.
    """
    return _handing.download(context, copy_id=copy_id, now=now)


def own_download(context: AccessContext, *, customer_id: int, value_id: int, copy_id: int, now: datetime) -> Download:
    """The file, for the customer of a visit; in the log and counted as `download`.

    RefusedError where the contact point `value_id`, by which the visit began, has stood for less than thirty days.
    NotFoundError, always the same, where it is another's, not ready or gone.
    """
    return _handing.own_download(context, customer_id=customer_id, value_id=value_id, copy_id=copy_id, now=now)


def destroy(context: AccessContext, *, copy_id: int, now: datetime) -> None:
    """End a copy before its time: its key is destroyed, its file deleted. Needs `copy:make`."""
    _ordering.end(context, copy_id=copy_id, now=now)


def destroy_expired(context: AccessContext, *, now: datetime) -> int:
    """Destroy the copies whose days are over; how many."""
    return _ordering.destroy_expired(context, now=now)
