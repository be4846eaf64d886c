"""The handshake that gives both sides the keys of their audio (DTLS-SRTP, RFC 5764), by OpenSSL over memory."""

import asyncio
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import suppress
from typing import Final

from OpenSSL import SSL

from trustdesk.seal.api import Identity
from trustdesk.sipedge.webrtc.srtp import PROFILES, Keys

DTLS_1_2: Final = 0xFEFD
MTU: Final = 1200
_HEADER: Final = 13  # of a record; its last two bytes are the length of what follows (RFC 6347, 4.1)
_AT_ONCE: Final = 65_536
_CIPHERS: Final = b"ECDHE+AESGCM:ECDHE+CHACHA20"
_LABEL: Final = b"EXTRACTOR-dtls_srtp"


def new_context(identity: Identity) -> SSL.Context:
    """What all handshakes of a process share. Any certificate passes here: its fingerprint decides afterwards."""
    context = SSL.Context(SSL.DTLS_METHOD)
    context.set_min_proto_version(DTLS_1_2)
    context.set_options(SSL.OP_NO_QUERY_MTU | SSL.OP_NO_RENEGOTIATION)
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    context.set_cipher_list(_CIPHERS)
    context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, lambda *_: True)
    context.use_certificate(identity.certificate)
    context.use_privatekey(identity.key)
    context.set_tlsext_use_srtp(b":".join(PROFILES))
    return context


class Handshake:
    """One handshake, and afterwards the ear for its end. `done` gets the keys; `ended`, once: refused, or closed."""

    def __init__(
        self,
        context: SSL.Context,
        *,
        active: bool,
        fingerprints: AbstractSet[str],
        send: Callable[[bytes], None],
        done: Callable[[Keys], None],
        ended: Callable[[], None],
    ) -> None:
        self._ssl = SSL.Connection(context, None)
        self._ssl.set_ciphertext_mtu(MTU)
        (self._ssl.set_connect_state if active else self._ssl.set_accept_state)()
        self._active, self._fingerprints = active, fingerprints
        self._send, self._done, self._ended = send, done, ended
        self._finished = self._closed = False
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """The way is open: the active side says the first word, the passive one answers what it has heard."""
        self._step()

    def feed(self, datagram: bytes) -> None:
        """A datagram of the other side."""
        if self._closed:
            return
        self._ssl.bio_write(datagram)
        self._step()

    def close(self) -> None:
        """Say that we leave, and hear nothing more."""
        if self._closed:
            return
        with suppress(SSL.Error):
            self._ssl.shutdown()
        self._flush()
        self._close()

    def _close(self) -> None:
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()

    def _step(self) -> None:
        try:
            if self._finished:
                self._ssl.recv(1)
            else:
                self._ssl.do_handshake()
                self._finish()
        except SSL.WantReadError:
            self._flush()
            self._wait()
        except SSL.Error:  # refused, or closed by the other side
            self._flush()
            self._end()

    def _finish(self) -> None:
        self._finished = True
        self._flush()
        self._wait()
        certificate = self._ssl.get_peer_certificate()
        fingerprint = certificate.digest("sha256").decode() if certificate else ""
        keys = self._keys()
        if fingerprint not in self._fingerprints or keys is None:
            self.close()
            self._ended()
            return
        self._done(keys)

    def _keys(self) -> Keys | None:
        """The two sides' master keys and salts, in the order of RFC 5764, 4.2. None where no profile was agreed."""
        name = self._ssl.get_selected_srtp_profile()
        profile = PROFILES.get(name)
        if profile is None:
            return None
        key, salt = profile.key_bytes, profile.salt_bytes
        drawn = self._ssl.export_keying_material(_LABEL, 2 * (key + salt))
        client = drawn[:key] + drawn[2 * key : 2 * key + salt]
        server = drawn[key : 2 * key] + drawn[2 * key + salt :]
        return Keys(profile, *((client, server) if self._active else (server, client)))

    def _end(self) -> None:
        if not self._closed:
            self._close()
            self._ended()

    def _flush(self) -> None:
        """Send what OpenSSL has written: its memory glues records together, a datagram must end where a record does."""
        written = b""
        with suppress(SSL.WantReadError):
            while True:
                written += self._ssl.bio_read(_AT_ONCE)
        for datagram in _datagrams(written):
            self._send(datagram)

    def _wait(self) -> None:
        """Say it again if nothing comes (RFC 6347, 4.2.4); OpenSSL knows when."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        seconds = self._ssl.DTLSv1_get_timeout()
        if seconds is not None and not self._closed:
            self._timer = asyncio.get_running_loop().call_later(max(seconds, 0.01), self._again)

    def _again(self) -> None:
        try:
            self._ssl.DTLSv1_handle_timeout()
        except SSL.Error:
            self._end()
            return
        self._flush()
        self._wait()


def _datagrams(written: bytes) -> Iterator[bytes]:
    """Whole records, as many as fit into a datagram."""
    start = end = 0
    while end < len(written):
        length = _HEADER + int.from_bytes(written[end + _HEADER - 2 : end + _HEADER])
        if end > start and end + length - start > MTU:
            yield written[start:end]
            start = end
        end += length
    if end > start:
        yield written[start:end]
