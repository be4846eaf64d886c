"""What each box is bound to: its associated data. Parts are separated by a bar, and no part can hold one."""

import re

from django.utils.translation import gettext as _

from trustdesk.kernel.errors import BadInputError
from trustdesk.vault.contracts import Place, RetentionClass

_RETENTION_CLASS = re.compile(r"(service|proof|statutory:[A-Za-z0-9._-]{1,60})\Z")


def checked_class(retention_class: RetentionClass) -> RetentionClass:
    if not _RETENTION_CLASS.match(retention_class):
        raise BadInputError(
            _("There is no such retention class."), place="vault", mend=_("Use service, proof or statutory:<rule>.")
        )
    return retention_class


def controller_key_bound(controller_id: int, purpose: str, version: int) -> bytes:
    return f"controller key|{controller_id}|{purpose}|{version}".encode()


def data_key_bound(controller_id: int, customer_id: int, retention_class: RetentionClass) -> bytes:
    return f"data key|{controller_id}|{customer_id}|{retention_class}".encode()


def file_key_bound(controller_id: int, file_id: int) -> bytes:
    return f"file key|{controller_id}|{file_id}".encode()


def stream_key_bound(controller_id: int, file_id: int, customer_id: int | None, retention_class: str) -> bytes:
    return f"stream key|{controller_id}|{file_id}|{customer_id or ''}|{retention_class}".encode()


def file_bound(controller_id: int, file_id: int, number: int, *, last: bool) -> bytes:
    return f"file|{controller_id}|{file_id}|{number}|{'last' if last else 'more'}".encode()


def value_bound(controller_id: int, customer_id: int, retention_class: RetentionClass, place: Place) -> bytes:
    return (
        f"value|{controller_id}|{customer_id}|{retention_class}"
        f"|{place.table}|{place.column}|{place.version}|{place.row}"
    ).encode()
