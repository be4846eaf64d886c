"""The first words of a connection: each side proves that it holds the key of the exchange, and runs as the same user.

    connecting: Sworn(nonce)            listening: Sworn(nonce, proof of the first)        connecting: Sworn(proof)

A proof is HMAC-SHA256 (RFC 2104) over the prover's side and both numbers, so none can be sent back to its maker.
"""

import asyncio
import hmac
import os
import secrets
import socket
import struct
from typing import Literal

from trustdesk.seal.api import mac
from trustdesk.sipedge.link.lines import Kind, Line, LinkBrokenError, Vocabulary, next_line
from trustdesk.sipedge.words.asks import Sworn

Side = Literal["edge", "switchboard", "house"]
PATIENCE_SECONDS = 5.0
_NONCE_BYTES = 32
_CREDENTIALS = struct.Struct("3i")  # process, user and group of the other side (unix(7), SO_PEERCRED)
_OATH = Vocabulary([Sworn])


class OathRefusedError(LinkBrokenError):
    """The other side does not hold the key, is not whom we expect, or runs as another user."""


async def swear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, key: bytes, side: Side) -> None:
    """By whoever connects. OathRefusedError where the listening side proves nothing; nothing of ours is proven then."""
    _check_user(writer)
    mine = secrets.token_hex(_NONCE_BYTES)
    _say(writer, Sworn(side=side, nonce=mine))
    theirs = await _heard(reader)
    _check(theirs, key=key, mine=mine, expected="switchboard")
    _say(writer, Sworn(side=side, nonce=mine, proof=_proof(key, side, theirs.nonce, mine)))


async def demand(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    *,
    key: bytes,
    expected: Side,
    side: Side = "switchboard",
) -> None:
    """By whoever listens. OathRefusedError unless the connecting side proves that it is the expected one."""
    _check_user(writer)
    first = await _heard(reader)
    if first.side != expected:
        raise OathRefusedError("somebody else connects here")
    mine = secrets.token_hex(_NONCE_BYTES)
    _say(writer, Sworn(side=side, nonce=mine, proof=_proof(key, side, first.nonce, mine)))
    last = await _heard(reader)
    if last.nonce != first.nonce:
        raise OathRefusedError("the oath was changed on its way")
    _check(last, key=key, mine=mine, expected=expected)


def _proof(key: bytes, side: str, theirs: str, mine: str) -> str:
    """That `side` holds the key: over the other side's number first."""
    return mac(key, f"{side}|{theirs}|{mine}".encode()).hex()


def _check(oath: Sworn, *, key: bytes, mine: str, expected: Side) -> None:
    right = _proof(key, expected, mine, oath.nonce)
    if oath.side != expected or not hmac.compare_digest(oath.proof.encode(), right.encode()):
        raise OathRefusedError("the other side does not hold the key of the exchange")


def _check_user(writer: asyncio.StreamWriter) -> None:
    held: socket.socket = writer.get_extra_info("socket")
    raw = held.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    if _CREDENTIALS.unpack(raw)[1] != os.geteuid():
        raise OathRefusedError("the other side runs as another user")


def _say(writer: asyncio.StreamWriter, oath: Sworn) -> None:
    writer.write(_OATH.write(Line(Kind.TELL, 0, oath)))


async def _heard(reader: asyncio.StreamReader) -> Sworn:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            word = (await next_line(reader, _OATH)).word
    except TimeoutError:
        raise OathRefusedError("the other side swears nothing") from None
    if not isinstance(word, Sworn):
        raise OathRefusedError("the other side swears nothing")
    return word
