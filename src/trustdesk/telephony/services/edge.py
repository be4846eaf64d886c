"""How the edge stands in the network: set in one piece, every version kept."""

import ipaddress
import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext as _

from trustdesk.accounts.api import check_installation_operation
from trustdesk.audit.api import installation_deed
from trustdesk.kernel.errors import BadInputError, ConflictError
from trustdesk.kernel.ids import new_id
from trustdesk.sipedge.api import Unspoken, UnspokenError, read_server, relay_login
from trustdesk.telephony.contracts import BrowserServer, EdgeSettings, TurnServer
from trustdesk.telephony.models import Edge, Phone
from trustdesk.telephony.services.checks import like
from trustdesk.telephony.services.telling import tell
from trustdesk.telephony.services.wires import check_wires
from trustdesk.vault.api import root_unwrap, root_wrap

_MANAGE = "telephony:manage"
_TRANSPORTS = ("udp", "tcp", "tls")
_LOWEST, _HIGHEST = 1_024, 65_535
_FEWEST_PORTS = 100
_REALM = re.compile(r"[A-Za-z0-9.-]{1,64}")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_SESSION = (90, 86_400)  # RFC 4028, 5: at least 90


def set_edge(*, new: EdgeSettings, by: int | None, now: datetime) -> None:
    """See `telephony.api`."""
    check_installation_operation(by, _MANAGE)
    check_edge(new)
    check_wires(new.listen, settings_now().listen)
    if new.realm != settings_now().realm and Phone.objects.exists():
        raise ConflictError(
            _("The passwords of the phones are bound to the realm."),
            place="realm",
            mend=_("Leave it, or take all phones away first and add them anew."),
        )
    held = {server.address: server.password for server in settings_now(secrets=True).turn}
    turn = [
        (server.address, server.user, held.get(server.address) if server.password is None else server.password)
        for server in new.turn
    ]
    for index, (_address, _user, password) in enumerate(turn):
        if not password:
            raise BadInputError(_("A relay needs a password."), place=f"turn.{index}.password")
    plain = asdict(new) | {"turn": [[address, user] for address, user, _password in turn]}
    with transaction.atomic():
        row = Edge(id=new_id(), settings=json.loads(json.dumps(plain)), set_at=now, set_by=by)
        if turn:
            row.turn = root_wrap(json.dumps([password for *_rest, password in turn]).encode(), label=_label(row))
        row.save(force_insert=True)
        tell()
        installation_deed(by, "telephony.edge.set", {"edge": row.id})


def settings_now(*, secrets: bool = False) -> EdgeSettings:
    """See `telephony.api.edge_settings`; with `secrets` the passwords of the relays too."""
    row = Edge.objects.order_by("-id").first()
    if row is None:
        return EdgeSettings()
    held = dict(row.settings)
    passwords: Sequence[str | None] = [None] * len(held["turn"])
    if secrets and row.turn:
        passwords = json.loads(root_unwrap(bytes(row.turn), label=_label(row)))
    held["listen"] = tuple((transport, host, port) for transport, host, port in held["listen"])
    held["stun"] = tuple(held["stun"])
    held["turn"] = tuple(
        TurnServer(address=address, user=user, password=password)
        for (address, user), password in zip(held["turn"], passwords, strict=True)
    )
    return EdgeSettings(**held)


def browser_servers(*, now: datetime) -> Sequence[BrowserServer]:
    """See `telephony.api`."""
    held = settings_now(secrets=True)
    asked = [BrowserServer(address=address) for address in held.stun]
    for server in held.turn:
        user, password = relay_login(server.user, server.password or "", holder="desk", now=now)
        asked.append(BrowserServer(address=server.address, user=user, password=password))
    return asked


def check_edge(new: EdgeSettings) -> None:
    """BadInputError, with its place, where the edge could not stand so. Reads the certificate's files."""
    if not _REALM.fullmatch(new.realm):
        raise BadInputError(_("Letters, digits, dots and hyphens."), place="realm", mend=like("trustdesk"))
    _check_listening(new)
    if new.advertised and not _is_host(new.advertised):
        raise BadInputError(_("This is not an address."), place="advertised", mend=like("203.0.113.7"))
    _check_ports(new)
    _check_certificate(new)
    for index, address in enumerate(new.stun):
        _check_server(address, f"stun.{index}", "stun")
    for index, server in enumerate(new.turn):
        _check_server(server.address, f"turn.{index}", "turn")
        if not server.user.strip():
            raise BadInputError(_("A relay needs a user."), place=f"turn.{index}.user")
    if not _SESSION[0] <= new.session_seconds <= _SESSION[1]:
        raise BadInputError(_("A session lasts from 90 to 86,400 seconds."), place="session_seconds")


def _check_listening(new: EdgeSettings) -> None:
    if not new.listen:
        raise BadInputError(_("The edge has to listen somewhere."), place="listen", mend=like("udp 0.0.0.0 5060"))
    seen = set()
    for index, (transport, host, port) in enumerate(new.listen):
        place = f"listen.{index}"
        if transport not in _TRANSPORTS:
            raise BadInputError(_("It listens by udp, tcp or tls."), place=place)
        try:
            ipaddress.ip_address(host)
        except ValueError:
            raise BadInputError(_("It listens at an address, not a name."), place=place, mend=like("0.0.0.0")) from None  # noqa: S104
        if not _LOWEST <= port <= _HIGHEST:
            raise BadInputError(
                _("A port is a number from 1,024 to 65,535."), place=place, mend=_("5060, or 5061 for tls.")
            )
        wire = ("udp" if transport == "udp" else "tcp", host, port)
        if wire in seen:
            raise BadInputError(_("It listens there already."), place=place)
        seen.add(wire)
        if transport == "tls" and not (new.certificate and new.certificate_key):
            raise BadInputError(
                _("To listen by tls it needs a certificate and its key."),
                place="certificate",
                mend=_("Name both files."),
            )


def _check_ports(new: EdgeSettings) -> None:
    if not (_LOWEST <= new.rtp_first < new.rtp_last <= _HIGHEST):
        raise BadInputError(
            _("The ports for sound go from a lower to a higher one, from 1,024 to 65,535."), place="rtp_first"
        )
    if new.rtp_last - new.rtp_first + 1 < _FEWEST_PORTS:
        raise BadInputError(
            _("So few ports are soon used up: each side of a call takes two."),
            place="rtp_last",
            mend=_("Leave at least 100, and open them in the firewall."),
        )
    for _transport, _host, port in new.listen:
        if new.rtp_first <= port <= new.rtp_last:
            raise BadInputError(
                _("Signalling listens at a port that is one of those for sound."),
                place="rtp_first",
                mend=_("Let them begin above it, at 20000."),
            )


def _check_certificate(new: EdgeSettings) -> None:
    if bool(new.certificate) != bool(new.certificate_key):
        raise BadInputError(_("A certificate needs its key, and the other way round."), place="certificate")
    for place in ("certificate", "certificate_key", "client_authority"):
        text = getattr(new, place)
        if not text:
            continue
        path = Path(text)
        if not path.is_absolute():
            raise BadInputError(_("Write the whole path of the file."), place=place, mend=like("/etc/ssl/…"))
        try:
            readable = b"-----BEGIN " in path.read_bytes()
        except OSError:
            readable = False
        if not readable:
            raise BadInputError(
                _("The file can't be read as PEM."), place=place, mend=_("Let this account read it, or name another.")
            )


def _check_server(address: str, place: str, kind: Literal["stun", "turn"]) -> None:
    """What the edge can't speak to is not taken: it would be asked at every browser, and never answer."""
    try:
        read_server(address, kind)
    except UnspokenError as fault:
        said = {
            Unspoken.STUN_NOT_UDP: _("STUN is asked over plain UDP only; what it tells is no secret."),
            Unspoken.STUN_SIX: _("STUN is asked over IPv4 only: addresses of IPv6 are not translated."),
            Unspoken.TURN_DTLS: _("TURN over UDP is spoken without TLS, and with TLS over TCP."),
        }
        mends = {"stun": "stun:stun.example.com:3478", "turn": "turn:turn.example.com:3478"}
        mend = "turns:turn.example.com:5349?transport=tcp" if fault.why is Unspoken.TURN_DTLS else mends[kind]
        raise BadInputError(
            said.get(fault.why, _("This is not the address of such a server.")), place=place, mend=like(mend)
        ) from None


def _is_host(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return bool(_HOST.fullmatch(text)) and "." in text
    return True


def _label(row: Edge) -> str:
    return f"telephony|edge|{row.id}"
