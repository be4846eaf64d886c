"""What a link opens: nothing by itself. It is confirmed by a POST, once, in the browser that asked, and where several
people read the same mailbox, with something only the right one of them should know.
"""

import hmac
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.identity.contracts import VISIT_LIVES, Entered, LinkRefusedError, Proof, ProofRefusedError, Step
from trustdesk.identity.models import Link
from trustdesk.identity.models import Visit as Row
from trustdesk.identity.services import secrets
from trustdesk.identity.services.visits import visit
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.mandates.api import controller, customer_context
from trustdesk.register.api import card, confirm_arrival
from trustdesk.register.contracts import CardValue, ValueKind
from trustdesk.vault.api import TokenKind, normal_value

MOST_TRIES = 5
_FACTS: dict[ValueKind, TokenKind] = {
    ValueKind.BIRTH_DATE: "birth_date",
    ValueKind.EXTERNAL_ID: "external_id",
}
"""What may serve as the second proof, where it is on file: the birth date or a number the company gave."""


def step_of(controller_id: int, *, token: str, browser: str, now: datetime) -> Step:
    """What the link still asks for. Changes nothing: mail programs and scanners follow links too.

    LinkRefusedError where it opens nothing.
    """
    named = _named(token)
    context = _context(controller_id, named, now)
    with scoped(context.scope):
        link = _living(context, named, browser, now)
    return Step.SECOND_PROOF if link.shared else Step.CONFIRM


def enter(controller_id: int, *, token: str, browser: str, fact: str, now: datetime) -> Entered:
    """Use the link: a visit begins. `fact` is the second proof where the link asks for one.

    LinkRefusedError where the link opens nothing; ProofRefusedError where the fact fits nobody or more than one: after
    five tries the link is dead.
    """
    named = _named(token)
    context = _context(controller_id, named, now)
    with scoped(context.scope):
        link = _living(context, named, browser, now, lock=True)
        pairs = list(zip(link.customers, link.values, strict=True))
        if link.shared:
            # The try counts before anything is compared, and is committed also where it fails.
            link.tries += 1
            if link.tries >= MOST_TRIES:
                link.expires_at = now
            link.save(update_fields=["tries", "expires_at"])
            pairs = _fitting(context, pairs, fact, now=now)
        entered = _begin(context, link, pairs[0], now=now) if len(pairs) == 1 else None
    if entered is None:
        raise ProofRefusedError(
            _("That does not fit what we know."),
            place="fact",
            mend=_("Try again, or call us: a person can find out in another way that it is you."),
        )
    return entered


def _context(controller_id: int, named: secrets.Named, now: datetime) -> AccessContext:
    return customer_context(controller_id, visit=f"link-{to_public(named.row_id)}", now=now)


def _named(token: str) -> secrets.Named:
    named = secrets.read(token)
    if named is None:
        raise _refused()
    return named


def _living(context: AccessContext, named: secrets.Named, browser: str, now: datetime, *, lock: bool = False) -> Link:
    rows = Link.objects.select_for_update() if lock else Link.objects
    link = rows.filter(controller_id=context.controller_id, id=named.row_id).first()
    if (
        link is None
        or link.digest is None
        or link.used_at is not None
        or link.expires_at <= now
        or not hmac.compare_digest(bytes(link.digest), named.digest)
        or not hmac.compare_digest(bytes(link.browser), secrets.digest(browser))
    ):
        raise _refused()
    return link


def _fitting(
    context: AccessContext, pairs: Sequence[tuple[int, int]], fact: str, *, now: datetime
) -> list[tuple[int, int]]:
    country = controller(context.controller_id).country
    return [
        pair for pair in pairs if any(_fits(value, fact, country) for value in card(context, pair[0], now=now).values)
    ]


def _fits(value: CardValue, fact: str, country: str) -> bool:
    kind = _FACTS.get(value.kind)
    if kind is None or not value.text:
        return False
    given = normal_value(kind, fact.strip(), country=country)
    return bool(given) and hmac.compare_digest(given.encode(), normal_value(kind, value.text, country=country).encode())


def _begin(context: AccessContext, link: Link, who: tuple[int, int], *, now: datetime) -> Entered:
    link.used_at = now
    link.save(update_fields=["used_at"])
    named = secrets.Named(new_id(), secrets.fresh())
    row = Row.objects.create(
        controller_id=context.controller_id,
        id=named.row_id,
        digest=named.digest,
        customer_id=who[0],
        value_id=who[1],
        proof=Proof.MAILBOX_AND_FACT if link.shared else Proof.MAILBOX,
        began_at=now,
        expires_at=now + VISIT_LIVES,
    )
    context.journal.deed(
        context, "identity.entered", subjects=[who[0]], detail={"visit": named.row_id, "proof": row.proof}
    )
    confirm_arrival(context, customer_id=who[0], value_id=who[1], now=now)
    return Entered(visit=visit(row), secret=named.text)


def _refused() -> LinkRefusedError:
    return LinkRefusedError(
        _("This link opens nothing."),
        place="link",
        mend=_(
            "A link works once, for a quarter of an hour, in the browser in which you asked for it. Ask for a new one."
        ),
    )
