"""Codes of copies in plain words."""

from django.utils.translation import gettext as _

from trustdesk.copies.contracts import Kind, State


def kind_label(kind: Kind) -> str:
    return {Kind.ACCESS: _("Everything"), Kind.PORTABILITY: _("To take along")}[kind]


def state_label(state: State) -> str:
    return {
        State.ORDERED: _("Ordered"),
        State.MAKING: _("Being made"),
        State.READY: _("Ready"),
        State.FAILED: _("Could not be made"),
        State.DESTROYED: _("Destroyed"),
    }[state]


def state_tone(state: State) -> str:
    return {State.READY: "good", State.FAILED: "bad", State.DESTROYED: "plain"}.get(state, "accent")


def reason_label(reason: str) -> str:
    """Why it failed or was not sent; the code of an error is shown as it is."""
    return {
        "not-sent": _("not sent: no address has stood unchanged for thirty days, or the gate said no"),
        "waits": _("waits for a connected system that does not answer; at most a day"),
        "fault": _("a fault stopped it; the server's log says which"),
    }.get(reason, reason)
