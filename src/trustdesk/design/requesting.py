"""Requests of data subjects in plain words: the same at the desk, in the console and, where it fits, in the portal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from trustdesk.rights.contracts import (
    CLOSED,
    Channel,
    Ground,
    Happening,
    Kind,
    ProofKind,
    RequestView,
    State,
)

STATE_TONES: Mapping[State, str] = {
    State.RECEIVED: "accent",
    State.IDENTIFYING: "warn",
    State.IDENTIFIED: "accent",
    State.PLANNED: "accent",
    State.APPROVED: "accent",
    State.RUNNING: "accent",
    State.HELD: "warn",
    State.DONE: "good",
    State.REFUSED: "bad",
    State.WITHDRAWN: "plain",
}
_SOON = 3  # days


@dataclass(frozen=True, slots=True)
class Deadline:
    """How much time is left, as one says it, and how urgent that is (a tone of the design's badges)."""

    words: str
    tone: str


def kind_label(kind: Kind) -> str:
    """The right, as the law's readers call it."""
    return {
        Kind.ACCESS: _("Access"),
        Kind.RECTIFICATION: _("Rectification"),
        Kind.ERASURE: _("Erasure"),
        Kind.RESTRICTION: _("Restriction"),
        Kind.PORTABILITY: _("Portability"),
        Kind.OBJECTION: _("Objection"),
        Kind.WITHDRAWAL: _("Withdrawal of a consent"),
        Kind.HUMAN_REVIEW: _("Review by a person"),
    }[kind]


def kind_means(kind: Kind) -> str:
    """What is asked for, in a sentence that an agent can say aloud."""
    return {
        Kind.ACCESS: _("A copy of everything held, and what is done with it."),
        Kind.RECTIFICATION: _("Something is wrong or missing, and is to be put right."),
        Kind.ERASURE: _("Everything is to be deleted that no law has us keep."),
        Kind.RESTRICTION: _("The data are kept but not used, while something is cleared up."),
        Kind.PORTABILITY: _("The own data in a form that another company can read in."),
        Kind.OBJECTION: _("The data are not to be used for something, above all for advertising."),
        Kind.WITHDRAWAL: _("A consent that was given is taken back."),
        Kind.HUMAN_REVIEW: _("A person is to look at what a machine decided."),
    }[kind]


def state_label(state: State) -> str:
    return {
        State.RECEIVED: pgettext("request", "Received"),
        State.IDENTIFYING: _("Waits for proof of who asks"),
        State.IDENTIFIED: _("To be decided"),
        State.PLANNED: _("Planned, to be approved"),
        State.APPROVED: _("Approved"),
        State.RUNNING: _("Being done"),
        State.HELD: _("Stopped by a legal hold"),
        State.DONE: pgettext("request", "Done"),
        State.REFUSED: pgettext("request", "Refused"),
        State.WITHDRAWN: pgettext("request", "Taken back"),
    }[state]


def way_label(channel: Channel) -> str:
    """By which way it came."""
    return {
        Channel.PORTAL: _("on the own page"),
        Channel.DESK: _("written down here"),
        Channel.CALL: _("said on the phone"),
        Channel.MAIL: _("by mail"),
        Channel.API: _("from another system"),
    }[channel]


def proof_label(kind: ProofKind) -> str:
    return {
        ProofKind.PORTAL: _("signed in on the own page"),
        ProofKind.CODE: _("said the code that was sent"),
        ProofKind.CALLED_BACK: _("was called back on a number on file"),
        ProofKind.DOCUMENT: _("showed a document, which was not copied"),
    }[kind]


def ground_label(ground: Ground) -> str:
    """Why it is not done."""
    return {
        Ground.NOT_IDENTIFIED: _("It is not known who asks, and could not be found out"),
        Ground.UNFOUNDED: _("Manifestly unfounded"),
        Ground.EXCESSIVE: _("Excessive: asked again and again"),
        Ground.LEGAL_DUTY: _("A law has us keep it"),
        Ground.LEGAL_CLAIMS: _("Needed for legal claims"),
        Ground.EXPRESSION: _("Freedom of expression and information"),
        Ground.PUBLIC_HEALTH: _("Public health"),
        Ground.ARCHIVING: _("Archiving, research or statistics"),
        Ground.STILL_NEEDED: _("Still needed for what it was collected for"),
        Ground.OTHERS_RIGHTS: _("It would harm the rights of others"),
        Ground.NOT_PORTABLE: _("Rests neither on consent nor on a contract"),
        Ground.COMPELLING: _("Compelling grounds of ours outweigh"),
        Ground.CORRECT: _("What is on file is right"),
        Ground.NOT_RESTRICTED: _("None of the four cases of the law"),
        Ground.NOT_AUTOMATED: _("No machine decided it"),
    }[ground]


def happening_label(happening: Happening) -> str:
    return {
        Happening.RECEIVED: pgettext("request", "Received"),
        Happening.REPEATED: _("The person wrote again"),
        Happening.SUPPOSED: _("Noted whose it may be"),
        Happening.ASKED: _("Asked who it is"),
        Happening.CODE_SENT: _("Sent a code"),
        Happening.CODE_WRONG: _("A wrong code was said"),
        Happening.PROVED: _("Known who asks"),
        Happening.DOUBTED: _("The proof was doubted"),
        Happening.PLANNED: _("Drew what an erasure would do"),
        Happening.APPROVED: _("Approved"),
        Happening.BEGUN: _("Begun"),
        Happening.HELD: _("Stopped by a legal hold"),
        Happening.RELEASED: _("Went on: the hold is gone"),
        Happening.FULFILLED: pgettext("request", "Done"),
        Happening.REFUSED: pgettext("request", "Refused"),
        Happening.WITHDRAWN: pgettext("request", "Taken back"),
        Happening.EXTENDED: _("Two months more"),
        Happening.REMINDED: _("Reminded: due soon"),
        Happening.ESCALATED: _("Escalated"),
        Happening.TOLD: _("Wrote to the person"),
        Happening.NOT_TOLD: _("Could not write to the person"),
        Happening.MINIMISED: _("Names nobody any more"),
    }[happening]


def deadline(view: RequestView, now: datetime) -> Deadline:
    """What the clock says of a request."""
    if view.state in CLOSED:
        return Deadline(state_label(view.state), STATE_TONES[view.state])
    if view.clock.suspended_since is not None:
        return Deadline(_("The clock stands"), "plain")
    days = view.clock.days_left(now)
    if view.clock.overdue(now):
        late = -days
        return Deadline(ngettext("%(count)d day overdue", "%(count)d days overdue", late) % {"count": late}, "bad")
    words = ngettext("%(count)d day left", "%(count)d days left", days) % {"count": days}
    return Deadline(words, "warn" if days <= _SOON else "plain")
