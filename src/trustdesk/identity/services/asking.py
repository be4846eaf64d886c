"""Asking for a link. The answer is the same for a known address and for a stranger's, and takes the same time."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from trustdesk.identity.contracts import LINK_LIVES, Asked
from trustdesk.identity.models import Link
from trustdesk.identity.services import secrets
from trustdesk.identity.services.waking import wake
from trustdesk.isolation.api import scoped
from trustdesk.kernel.errors import BadInputError
from trustdesk.kernel.ids import new_id
from trustdesk.mandates.api import controller, customer_context
from trustdesk.seal.api import derive, mac
from trustdesk.vault.api import TokenKind, normal_value, root_unwrap, root_wrap

_MOST_AN_HOUR = 3  # links to one address: more would be a nuisance to whoever reads it
_HOUR = timedelta(hours=1)


def ask_for_link(controller_id: int, *, address: str, browser: str, language: str, now: datetime) -> Asked:
    """Ask for a link to an e-mail address or phone number; it is looked up afterwards, by a job.

    `browser` is what this browser holds from asking before, else empty. BadInputError for what is neither, by its form
    alone: nothing said here depends on what is on file.
    """
    kind, normal = understood(address, country=controller(controller_id).country)
    context = customer_context(controller_id, visit="asking", now=now)
    browser = browser or secrets.fresh()
    key = address_key(controller_id, kind, normal)
    link_id = new_id()
    with scoped(context.scope):
        recent = Link.objects.filter(controller_id=controller_id, address_key=key, asked_at__gt=now - _HOUR).count()
        # Also one too many is written and looked up to nothing: what is done must not tell.
        Link.objects.create(
            controller_id=controller_id,
            id=link_id,
            browser=secrets.digest(browser),
            address_key=key,
            address=root_wrap(f"{kind}|{normal}".encode(), label=_label(controller_id, link_id)),
            language=language,
            asked_at=now,
            expires_at=now + LINK_LIVES if recent < _MOST_AN_HOUR else now,
        )
        transaction.on_commit(lambda: wake(controller_id, link_id))
    return Asked(browser)


def understood(address: str, *, country: str) -> tuple[TokenKind, str]:
    """E-mail or phone, and its one notation."""
    kind: TokenKind = "email" if "@" in address else "phone"
    normal = normal_value(kind, address.strip(), country=country)
    if not normal:
        raise BadInputError(
            _("That is neither an e-mail address nor a phone number."),
            place="address",
            mend=_("Write it as in anna@example.com or +358 40 123 4567."),
        )
    return kind, normal


def address_of(sealed: bytes, controller_id: int, link_id: int) -> tuple[TokenKind, str]:
    """The address that was asked with, of a link that waits to be looked up."""
    kind, normal = root_unwrap(sealed, label=_label(controller_id, link_id)).decode().split("|", 1)
    return ("email" if kind == "email" else "phone"), normal


def _label(controller_id: int, link_id: int) -> str:
    return f"identity|{controller_id}|{link_id}"


def address_key(controller_id: int, kind: TokenKind, normal: str) -> bytes:
    secret = derive(bytes.fromhex(settings.SECRET_KEY), "trustdesk identity address")
    return mac(secret, f"{controller_id}|{kind}|{normal}".encode())
