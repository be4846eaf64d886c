"""Idempotency keys (draft-ietf-httpapi-idempotency-key-header-07): a repeated write is done once.

The write, its journal entry and the memory of its answer are one transaction: either all stand or none. Key and request
are remembered as keyed digests only, the answer as status and identifiers: nothing of a person is kept here.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import orjson
from django.http import HttpRequest, HttpResponse

from trustdesk.api.keys import key as derived_key
from trustdesk.api.problems import ProblemError
from trustdesk.api.schemas.common import Receipt
from trustdesk.kernel.clock import now
from trustdesk.kernel.context import AccessContext
from trustdesk.mandates.api import Reply, keep_reply, take_key
from trustdesk.seal.api import mac

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
# A string of RFC 9651 in quotes, as the draft says, or the same without them, as most clients send it.
_QUOTED = re.compile(r'"((?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\]){8,128})"')
_BARE = re.compile(r"[A-Za-z0-9._~:/+=-]{8,128}")


@dataclass(frozen=True, slots=True)
class Written:
    """What a write answers: identifiers, and where to find the thing."""

    status: int
    receipt: Receipt
    location: str = ""


def once(request: HttpRequest, context: AccessContext, work: Callable[[], Written]) -> HttpResponse:
    """Do the work, or give the answer it had. To be called inside the context's scope."""
    secret = derived_key("idempotency")
    key = mac(secret, f"key|{context.session_id}|{_read(request)}".encode())
    head = f"request|{request.method}|{request.get_full_path()}|{request.content_type}|".encode()
    fingerprint = mac(secret, head + request.body)
    instant = now()
    earlier = take_key(context, key=key, fingerprint=fingerprint, now=instant)
    if earlier is not None:
        response = _response(earlier)
        response[REPLAYED] = "?1"
        return response
    written = work()
    answer = orjson.dumps(written.receipt.model_dump(), option=orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC)
    reply = Reply(status=written.status, answer=answer.decode(), location=written.location)
    keep_reply(context, key=key, fingerprint=fingerprint, reply=reply, now=instant)
    return _response(reply)


def _read(request: HttpRequest) -> str:
    text = request.headers.get(HEADER, "").strip()
    quoted = _QUOTED.fullmatch(text)
    if quoted:
        return re.sub(r"\\(.)", r"\1", quoted.group(1))
    if _BARE.fullmatch(text):
        return text
    raise ProblemError("bad-header", place=HEADER)


def _response(reply: Reply) -> HttpResponse:
    response = HttpResponse(reply.answer, status=reply.status, content_type="application/json; charset=utf-8")
    if reply.location:
        response["Location"] = reply.location
    return response
