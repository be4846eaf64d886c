"""Trunks: carriers, known by their addresses, by digest, or both."""

import ipaddress
import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from trustdesk.accounts.api import check_installation_operation
from trustdesk.audit.api import installation_deed
from trustdesk.isolation.api import scoped
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError, RefusedError
from trustdesk.kernel.ids import new_id
from trustdesk.mandates.api import controllers, system_context
from trustdesk.sipedge.contracts import Trunk as EdgeTrunk
from trustdesk.telephony.contracts import NewTrunk, TrunkView
from trustdesk.telephony.models import Number, Trunk
from trustdesk.telephony.services.checks import like
from trustdesk.telephony.services.telling import tell
from trustdesk.vault.api import root_unwrap, root_wrap

_MANAGE = "telephony:manage"
_PURPOSE = "service"
_LONGEST = 100
_SIP = re.compile(
    r"sip:(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::(?P<port>[0-9]{1,5}))?"
    r"(?:;transport=(?:udp|tcp|tls))?"
)
_HIGHEST_PORT = 65_535
_WIDEST = {4: 8, 6: 32}  # a net wider than this is no carrier's


def save_trunk(*, trunk_id: int | None, new: NewTrunk, by: int | None, now: datetime) -> int:
    """See `telephony.api`."""
    check_installation_operation(by, _MANAGE)
    nets = _check(new)
    with transaction.atomic():
        row = _row(trunk_id) if trunk_id is not None else Trunk(id=new_id())
        _check_apart(row.id, new, nets)
        row.name, row.addresses = new.name.strip(), [str(net) for net in nets]
        row.user, row.realm = new.user, new.realm
        row.registrar, row.target, row.challenge, row.per_day = new.registrar, new.target, new.challenge, new.per_day
        if new.password is not None:
            row.password = root_wrap(new.password.encode(), label=_label(row)) if new.password else None
        _check_proof(row)
        row.changed_at, row.changed_by = now, by
        row.save(force_insert=trunk_id is None)
        tell()
        installation_deed(by, "telephony.trunk.set", {"trunk": row.id})
    return row.id


def remove_trunk(*, trunk_id: int, by: int | None, now: datetime) -> None:
    """See `telephony.api`."""
    check_installation_operation(by, _MANAGE)
    with transaction.atomic():
        row = _row(trunk_id)  # held: no number is given it meanwhile
        used = _numbers_over(row, by=by, now=now)
        if used:
            raise ConflictError(
                _("Numbers still go over this trunk: %(numbers)s.") % {"numbers": ", ".join(used)},
                place="numbers",
                mend=_("Give them another trunk first."),
            )
        row.delete()  # numbers of companies that are closed lose it by the foreign key
        tell()
        installation_deed(by, "telephony.trunk.removed", {"trunk": trunk_id})


def trunks(*, by: int | None) -> Sequence[TrunkView]:
    """See `telephony.api`."""
    check_installation_operation(by, _MANAGE)
    return [_view(row) for row in Trunk.objects.order_by("name")]


def trunk_names() -> Sequence[tuple[int, str]]:
    """See `telephony.api`."""
    return list(Trunk.objects.order_by("name").values_list("id", "name"))


def trunk_out(own: int | None) -> int:
    """See `telephony.api`."""
    for row in Trunk.objects.filter(**({} if own is None else {"id": own})).order_by("name"):
        if row.target or row.registrar:
            return row.id
    raise ConflictError(
        _("There is no carrier to call over."),
        place="trunks",
        mend=_("Set a trunk in the console, and where its calls out go to."),
    )


def edge_trunks() -> tuple[EdgeTrunk, ...]:
    """What the edge knows of them, passwords in clear: it lives in its memory only."""
    return tuple(
        EdgeTrunk(
            trunk=row.id,
            addresses=tuple(row.addresses),
            user=row.user,
            password=root_unwrap(bytes(row.password), label=_label(row)).decode() if row.password else "",
            realm=row.realm,
            registrar=row.registrar,
            target=row.target,
            challenge=row.challenge,
        )
        for row in Trunk.objects.order_by("id")
    )


def check_sip_address(text: str, place: str) -> None:
    found = _SIP.fullmatch(text)
    port = int(found["port"] or 5060) if found else 0
    if not 0 < port <= _HIGHEST_PORT:
        raise BadInputError(
            _("This is not a SIP address."), place=place, mend=like("sip:sip.example.com:5061;transport=tls")
        )


def _row(trunk_id: int) -> Trunk:
    row = Trunk.objects.select_for_update().filter(id=trunk_id).first()
    if row is None:
        raise NotFoundError(_("There is no such trunk."), place="trunk")
    return row


def _numbers_over(row: Trunk, *, by: int | None, now: datetime) -> list[str]:
    """Numbers of the companies that are open, whichever they are: whoever manages trunks manages them for all."""
    used: list[str] = []
    for company in controllers():
        with suppress(RefusedError):  # its own mandate has ended: nobody can change its numbers, and nobody calls them
            context = system_context(company.id, purpose=_PURPOSE, now=now, on_behalf_of=by or 0)
            with scoped(context.scope):
                own = Number.objects.filter(controller_id=company.id, trunk_id=row.id)
                used += own.order_by("e164").values_list("e164", flat=True)
    return used


def _label(row: Trunk) -> str:
    return f"telephony|trunk|{row.id}"


def _check(new: NewTrunk) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    if not new.name.strip() or len(new.name) > _LONGEST:
        raise BadInputError(_("A trunk needs a name of at most 100 letters."), place="name")
    for place in ("registrar", "target"):
        if getattr(new, place):
            check_sip_address(getattr(new, place), place)
    for place in ("user", "realm"):
        text = getattr(new, place)
        if len(text) > _LONGEST or not text.isprintable() or '"' in text:
            raise BadInputError(_("At most 100 letters, and no quotation marks."), place=place)
    if new.per_day is not None and new.per_day < 0:
        raise BadInputError(_("A cap is a number from nought on."), place="per_day")
    return [_net(text) for text in new.addresses]


def _net(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        net = ipaddress.ip_network(text.strip())
    except ValueError:
        raise BadInputError(
            _("This is not an address or net: %(net)s.") % {"net": text[:50]},
            place="addresses",
            mend=like(_meant(text)),
        ) from None
    if net.prefixlen < _WIDEST[net.version]:
        raise BadInputError(
            _("This net is too wide: everybody would be the carrier."), place="addresses", mend=like("192.0.2.0/28")
        )
    return net


def _meant(text: str) -> str:
    """The net that an address in it names, where one is meant: `192.0.2.7/28` is of 192.0.2.0/28."""
    try:
        return str(ipaddress.ip_network(text.strip(), strict=False))
    except ValueError:
        return "192.0.2.0/28"


def _check_apart(trunk_id: int, new: NewTrunk, nets: Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> None:
    """An address says which trunk it is, so no two may share one."""
    if Trunk.objects.filter(name=new.name.strip()).exclude(id=trunk_id).exists():
        raise ConflictError(_("There is a trunk of this name."), place="name")
    for index, net in enumerate(nets):
        for other in nets[:index]:
            if net.version == other.version and net.overlaps(other):
                raise BadInputError(
                    _("Two nets overlap: %(one)s and %(other)s.") % {"one": other, "other": net}, place="addresses"
                )
    for row in Trunk.objects.exclude(id=trunk_id):
        for text in row.addresses:
            held = ipaddress.ip_network(text)
            for net in nets:
                if net.version == held.version and net.overlaps(held):
                    raise ConflictError(
                        _("The trunk %(name)s has the net %(net)s already.") % {"name": row.name, "net": held},
                        place="addresses",
                        mend=_("Narrow one of the two."),
                    )


def _check_proof(row: Trunk) -> None:
    proves = bool(row.user and row.password)
    if not row.addresses and not proves:
        raise BadInputError(
            _("Nothing says that it is the carrier who calls."),
            place="addresses",
            mend=_("Name its addresses, or a user and password."),
        )
    if (row.challenge or row.registrar) and not proves:
        raise BadInputError(_("For this a user and a password are needed."), place="user")
    if row.password and not row.user:
        raise BadInputError(_("A password belongs to a user."), place="user")


def _view(row: Trunk) -> TrunkView:
    return TrunkView(
        trunk_id=row.id,
        name=row.name,
        addresses=tuple(row.addresses),
        user=row.user,
        has_password=bool(row.password),
        realm=row.realm,
        registrar=row.registrar,
        target=row.target,
        challenge=row.challenge,
        per_day=row.per_day,
        changed_at=row.changed_at,
    )
