"""What the seal over the log shows."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from trustdesk.audit.contracts import VerificationState

CHECKED_EVERY = timedelta(hours=36)  # the log is checked daily; a day missed is no alarm, two are


def seal_of(state: VerificationState, *, now: datetime) -> tuple[str, str]:
    """State and words: broken where an entry differs, sealed where the daily check was passed, open otherwise."""
    if state.first_bad is not None:
        return "broken", _("The log does not verify")
    if state.checked_at is not None and state.checked_size and now - state.checked_at < CHECKED_EVERY:
        return "sealed", _("Log verified")
    return "open", _("Log not yet verified")
