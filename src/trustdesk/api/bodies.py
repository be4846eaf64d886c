"""How a JSON body is read: strictly, and never more of it than fits."""

import re
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest
from ninja.parser import Parser

from trustdesk.api.problems import ProblemError

MAX_JSON = 1_048_576
"""Bytes of a JSON body. Lists come in by upload."""

UPLOADS = "/api/v1/imports/files"
"""The one address that takes more."""

_JSON = "application/json"
_LENGTH = re.compile(r"[0-9]{1,18}")


class StrictParser(Parser):
    """RFC 8259 to the letter: no NaN, no broken UTF-8, no lone surrogate, no bottomless nesting."""

    def parse_body(self, request: HttpRequest) -> Any:  # noqa: ANN401  # whatever JSON holds
        if request.content_type != _JSON:
            raise ProblemError("wrong-media", headers={"Accept": _JSON})
        body = request.body
        if len(body) > MAX_JSON:
            raise ProblemError("too-large")
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError:
            # Its text quotes the body: it is not passed on.
            raise ProblemError("bad-json") from None


def check_size(request: HttpRequest) -> None:
    """Refuse by the announced length, before a byte of the body is looked at (RFC 9110, section 8.6)."""
    limit = settings.TRUSTDESK_API_UPLOAD_BYTES if request.path == UPLOADS else MAX_JSON
    announced = request.META.get("CONTENT_LENGTH") or ""
    if not announced and "HTTP_TRANSFER_ENCODING" in request.META and request.path != UPLOADS:
        raise ProblemError("no-length")
    if announced and (not _LENGTH.fullmatch(announced) or int(announced) > limit):
        raise ProblemError("too-large")
