"""How a JSON body is read: strictly, and never more of it than fits."""

import re
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.parser import Parser

from trustdesk.api.problems import ProblemError

MAX_JSON = 1_048_576
"""Bytes of a JSON body. Lists come in by upload."""

UPLOADS = "/api/v1/imports/files"
"""The one address that takes more."""

_JSON = "application/json"
_LENGTH = re.compile(r"[0-9]{1,18}")
_NUL_ESCAPED = rb"\u0000"  # the only way in which JSON can hold it (RFC 8259 section 7)


class StrictParser(Parser):
    """RFC 8259 to the letter: no NaN, no broken UTF-8, no lone surrogate, no bottomless nesting."""

    def parse_body(self, request: HttpRequest) -> Any:  # noqa: ANN401  # whatever JSON holds
        if request.content_type != _JSON:
            raise ProblemError("wrong-media", headers={"Accept": _JSON})
        body = request.body
        if len(body) > MAX_JSON:
            raise ProblemError("too-large")
        try:
            read = orjson.loads(body)
        except orjson.JSONDecodeError:
            # Its text quotes the body: it is not passed on.
            raise ProblemError("bad-json") from None
        if _NUL_ESCAPED in body and _holds_nul(read):
            raise ProblemError("bad-input", detail=_("A text holds the character U+0000, which can't be stored."))
        return read


def check_size(request: HttpRequest) -> None:
    """Refuse by the announced length, before a byte of the body is looked at (RFC 9110, section 8.6)."""
    limit = settings.TRUSTDESK_API_UPLOAD_BYTES if request.path == UPLOADS else MAX_JSON
    announced = request.META.get("CONTENT_LENGTH") or ""
    if not announced and "HTTP_TRANSFER_ENCODING" in request.META and request.path != UPLOADS:
        raise ProblemError("no-length")
    if announced and (not _LENGTH.fullmatch(announced) or int(announced) > limit):
        raise ProblemError("too-large")


def _holds_nul(read: object) -> bool:
    """Whether a text or a name in it holds U+0000: PostgreSQL keeps no such text."""
    waiting = [read]
    while waiting:
        match waiting.pop():
            case str(text) if "\0" in text:
                return True
            case dict(members):
                waiting += [*members, *members.values()]
            case list(items):
                waiting += items
    return False
