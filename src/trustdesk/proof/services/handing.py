"""What the person is given once: a code by which they know their certificate again, and a link to it."""

import hashlib
import secrets
from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.erasure import api as erasure
from trustdesk.erasure.contracts import OPEN
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError, NotFoundError, RefusedError
from trustdesk.mandates.api import customer_context
from trustdesk.proof.contracts import CertificateView, HandOut, SearchState
from trustdesk.proof.models import Certificate, Search
from trustdesk.proof.selectors import search_of, view
from trustdesk.proof.sought import opened
from trustdesk.proof.verifier import code_of
from trustdesk.seal.api import stretched

_SALT_BYTES, _TOKEN_BYTES = 16, 24


def hand_out(context: AccessContext, *, customer_id: int, now: datetime) -> HandOut:
    """See `proof.api.hand_out`."""
    context.check_operation("customer:open")
    with scoped(context.scope):
        plan = next((one for one in erasure.plans_of(context, customer_id) if one.state in OPEN), None)
        if plan is None:
            raise NotFoundError(_("Nothing of this customer is being erased."), place="certificate")
        search = search_of(context, plan.plan_id, locked=True)
        _check_first(search)
        salt, token = secrets.token_bytes(_SALT_BYTES), secrets.token_urlsafe(_TOKEN_BYTES)
        checked = opened(context, search).checked
        search.check_values = sorted(stretched(one.encode(), salt=salt).hex() for one in checked)
        search.link_digest = _digest(token)
        search.handed_out_at = now
        search.save(update_fields=["check_values", "link_digest", "handed_out_at"])
        context.journal.deed(context, "proof.code.handed_out", subjects=[customer_id], detail={"plan": plan.plan_id})
    return HandOut(code_of(salt), token)


def by_link(controller_id: int, *, token: str, now: datetime) -> CertificateView | None:
    """See `proof.api.certificate_by_link`."""
    digest = _digest(token)
    try:
        context = customer_context(controller_id, visit="certificate", now=now)
    except RefusedError:
        raise _no_link() from None
    with scoped(context.scope):
        own = {"controller_id": controller_id, "link_digest": digest}
        row = Certificate.objects.filter(**own).first()
        waits = row is None and Search.objects.filter(**own).exclude(state=SearchState.PROVED).exists()
    if row is not None:
        return view(context, row)
    if not waits:
        raise _no_link()
    return None


def _check_first(search: Search) -> None:
    if search.handed_out_at is not None:
        raise ConflictError(
            _("The code was handed out already: it is given once, and nobody keeps it."), place="certificate"
        )


def _no_link() -> NotFoundError:
    return NotFoundError(_("This link leads to no certificate."), place="link")


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
