"""Whether everybody in the register is found as this version of the program looks for them."""

from datetime import datetime

from django.utils.translation import gettext_noop as _

from trustdesk.health.contracts import Finding, State


def check_tokens(now: datetime) -> Finding:
    """Search tokens are of this version; those of an older one are asked for too, until they are made anew."""
    from trustdesk.mandates.api import controllers, system_context  # noqa: PLC0415 - models exist after start-up only
    from trustdesk.register.api import tokens_to_renew  # noqa: PLC0415

    left = 0
    for company in controllers():
        context = system_context(company.id, purpose="administration", now=now, on_behalf_of=0)
        left += tokens_to_renew(context)
    if left:
        return Finding(
            "tokens",
            State.WARNING,
            _("The search tokens of %(count)s customers are of an older version."),
            {"count": left},
            _("Leave the worker running, or run `trustdesk renew-tokens`; they are found meanwhile."),
        )
    return Finding("tokens", State.SOUND, _("All search tokens are of this version."))
