"""Why a row of a list was not taken, in words. A code without words is shown as it is."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from trustdesk.intake.contracts import Refusal, RunState

_SAYS_ALL = frozenset({Refusal.INVALID_PHONE, Refusal.INVALID_EMAIL})


def reason_label(reason: str) -> str:
    labels = {
        "undeclared-column": _("A column that nobody declared"),
        "invalid-phone": _("Not a phone number"),
        "invalid-email": _("Not an e-mail address"),
        "invalid-date": _("Not a date"),
        "invalid-kind": _("Not a kind of customer"),
        "invalid-language": _("Not a language"),
        "invalid-country": _("Not a country"),
        "control-character": _("A character that belongs in no value"),
        "too-long": _("Too long"),
        "nobody": _("Names nobody"),
        "duplicate-in-file": _("Twice in the list"),
        "duplicate-in-register": _("Already here"),
        "not-admitted": _("Not admitted: suppressed"),
        "erased": _("Was erased; data from before the erasure stay out"),
        "bad-input": _("Can't be read"),
        "file-changed": _("The list is not the one that was given"),
        "file-missing": _("The list is not there any more"),
        "seal-broken": _("The list was altered under its seal"),
        "ragged-row": _("More or fewer cells than columns"),
        "import-stopped": _("The worker was stopped"),
        "refused": _("It was refused"),
        "storage-full": _("There is no room left on the disk."),
    }
    return labels.get(reason, reason)


def detail_label(reason: str, detail: str) -> str:
    """What the reason leaves open. The worker wrote it in the language of the code; here it is read in the reader's."""
    if reason in _SAYS_ALL:
        return ""
    if reason == Refusal.DUPLICATE_IN_FILE:
        return _("as in row %(row)s") % {"row": number_format(detail.removeprefix("row "), force_grouping=True)}
    return _(detail) if detail else ""


def state_label(state: RunState) -> str:
    return {
        RunState.WAITING: _("Waiting"),
        RunState.RUNNING: _("Running"),
        RunState.STOPPED: _("Stopped"),
        RunState.INTERRUPTED: _("Interrupted"),
        RunState.CANCELLED: _("Cancelled"),
        RunState.FINISHED: _("Finished"),
    }[state]
