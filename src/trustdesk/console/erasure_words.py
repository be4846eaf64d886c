"""States, causes, steps and kinds of things of an erasure in plain words. A code without words is shown as it is."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from trustdesk.erasure.contracts import Cause, PlanState, StepState, Verdict

TONES = {
    PlanState.DRAWN: "accent",
    PlanState.APPROVED: "accent",
    PlanState.RUNNING: "accent",
    PlanState.HELD: "warn",
    PlanState.FAILED: "bad",
    PlanState.DONE: "good",
    PlanState.DISMISSED: "plain",
}
STEP_TONES = {StepState.WAITING: "plain", StepState.FAILING: "bad", StepState.DONE: "good"}


def state_label(state: PlanState) -> str:
    return {
        PlanState.DRAWN: _("Waits for approval"),
        PlanState.APPROVED: _("Approved"),
        PlanState.RUNNING: _("Running"),
        PlanState.HELD: _("Held"),
        PlanState.FAILED: _("A step fails"),
        PlanState.DONE: _("Erased"),
        PlanState.DISMISSED: _("Dismissed"),
    }[state]


def cause_label(cause: Cause) -> str:
    return {
        Cause.REQUEST: _("Asked for by the person"),
        Cause.WITHDRAWAL: _("The last consent was withdrawn"),
        Cause.OBJECTION: _("The person objected"),
        Cause.PURPOSE_ENDED: _("The purpose ended"),
        Cause.CONTRACT_ENDED: _("The relationship ended"),
        Cause.RETENTION: _("Its time is over"),
    }[cause]


def step_state_label(state: StepState) -> str:
    return {
        StepState.WAITING: pgettext("step", "Waits"),
        StepState.FAILING: _("Fails, tried again"),
        StepState.DONE: pgettext("step", "Done"),
    }[state]


def step_label(name: str) -> str:
    return {
        "holds": _("Look for legal holds"),
        "rights.told": _("See that the last letter has left"),
        "ledger": _("Enter the person in the ledger, as tokens"),
        "recipients": _("Note to whom data were given"),
        "texts": _("Cut the person out of what was written about others"),
        "capabilities": _("Delete what is held"),
        "keys": _("Destroy the keys"),
        "tell": _("Tell the recipients"),
        "proof.variants": _("Seal what will be looked for afterwards"),
        "outside.find": _("Look what connected systems hold"),
        "outside.erase": _("Erase in connected systems"),
        "proof.scan": _("Look everywhere for what might be left"),
        "proof.certificate": _("Issue the certificate"),
    }.get(name, name)


def step_detail(detail: str) -> str:
    """What a step waits for; a detail without words is shown as it is."""
    return {
        "hits-to-decide": _("Something was found: decide it on the page of the proof."),
        "systems-not-erased": _("A connected system does not answer, or still holds something. It is tried again."),
        "systems-not-clean": _("A connected system holds something of the person again. It is looked at again."),
    }.get(detail, detail)


def kinds_label(kinds: Sequence[str]) -> str:
    labels = {
        "name": _("name"),
        "phone": _("phone"),
        "email": _("e-mail"),
        "address": _("address"),
        "external_id": _("customer number or handle"),
        "birth_date": _("birth date"),
    }
    return ", ".join(labels.get(kind, kind) for kind in kinds)


def verdict_label(verdict: Verdict) -> str:
    return {Verdict.ERASED: _("Kept out"), Verdict.REVIEW: _("Let in: look at it")}.get(verdict, verdict.value)


def place_label(place: str) -> str:
    return {
        "import": _("in an import"),
        "capture": _("entered by hand"),
        "merge": _("when records were joined"),
        "feed": _("in a feed"),
    }.get(place, place)
