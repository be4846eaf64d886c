"""Looking up who an address belongs to, and sending the link there and nowhere else."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from trustdesk.delivery.api import send_mail, send_sms
from trustdesk.delivery.contracts import NewMessage
from trustdesk.identity.contracts import LINK_LIVES
from trustdesk.identity.models import Link
from trustdesk.identity.services import secrets
from trustdesk.identity.services.asking import address_of
from trustdesk.identity.services.purposes import RIGHTS, ensure_purposes
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public
from trustdesk.mandates.api import controller, customer_context
from trustdesk.register.api import card, search
from trustdesk.register.contracts import ValueKind
from trustdesk.vault.api import TokenKind, normal_value

PURPOSE = (
    "rights"  # the declared purpose of such messages: the controller facilitates the exercise of rights, Art. 12(2)
)
MOST_SHARING = 5
_KINDS: dict[TokenKind, ValueKind] = {"email": ValueKind.EMAIL, "phone": ValueKind.PHONE}


@dataclass(frozen=True, slots=True)
class Found:
    """A contact point that is the address."""

    customer_id: int
    value_id: int
    shared: bool


def look_up(controller_id: int, link_id: int, *, now: datetime) -> bool:
    """Look the address of a link up, once, and send the link where somebody has it; whether one was sent.

    The address is forgotten in the same transaction. Two customers with one address share it, and so do those of a
    value that is marked as shared; more than five are a switchboard's: nobody is let in by it.
    """
    ensure_purposes(controller_id, now=now)
    context = customer_context(controller_id, visit=f"link-{to_public(link_id)}", now=now)
    with scoped(context.scope):
        row = (
            Link.objects.select_for_update()
            .filter(controller_id=controller_id, id=link_id, address__isnull=False)
            .first()
        )
        if row is None or row.address is None:
            return False
        sealed = bytes(row.address)
        row.address = None
        row.save(update_fields=["address"])
        if row.expires_at <= now:
            return False
        kind, normal = address_of(sealed, controller_id, link_id)
        found = list(having(context, kind, normal, now=now))
        if not found or len({one.customer_id for one in found}) > MOST_SHARING:
            return False
        secret = secrets.Named(link_id, secrets.fresh())
        row.digest = secret.digest
        row.customers = [one.customer_id for one in found]
        row.values = [one.value_id for one in found]
        row.shared = any(one.shared for one in found) or len(set(row.customers)) > 1
        row.expires_at = now + LINK_LIVES
        row.save(update_fields=["digest", "customers", "values", "shared", "expires_at"])
        _send(context, kind, found[0], secret, language=row.language, now=now)
    return True


def having(context: AccessContext, kind: TokenKind, normal: str, *, now: datetime) -> Iterator[Found]:
    """Everybody who has the address: who is restricted or erased has none."""
    country = controller(context.controller_id).country
    for hit in search(context, normal, limit=MOST_SHARING + 1, country=country).rows:
        if hit.restricted or hit.erased:
            continue
        for value in card(context, hit.customer_id, now=now).contact_points:
            same = value.kind is _KINDS[kind] and normal_value(kind, value.text or "", country=country) == normal
            if same:
                yield Found(hit.customer_id, value.value_id, value.shared_line)
                break


def _send(context: AccessContext, kind: str, to: Found, secret: secrets.Named, *, language: str, now: datetime) -> None:
    company = controller(context.controller_id)
    message = NewMessage(
        customer_id=to.customer_id,
        value_id=to.value_id,
        purpose=RIGHTS,
        template="sign-in-link",
        language=language,
        parameters={
            "company": company.name,
            "link": f"{settings.TRUSTDESK_ADDRESS}/my/{company.id}/open/{secret.text}/",
            "minutes": str(int(LINK_LIVES.total_seconds()) // 60),
        },
        key=f"sign-in-link|{to_public(secret.row_id)}",
        not_after=now + LINK_LIVES,
    )
    if kind == "email":
        send_mail(context, message=message, now=now)
    else:
        send_sms(context, message=message, now=now)
