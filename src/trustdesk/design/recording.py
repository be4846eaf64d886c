"""Recordings in words: what they are listened to for, why there is none, what keeps them, how their files stand."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from trustdesk.recordings.contracts import Because, Ground, Integrity, Purpose, State


def purpose_labels() -> Mapping[Purpose, str]:
    """For what somebody listens, in the order in which it is offered."""
    return {
        Purpose.REQUEST: _("What the customer asks needs it"),
        Purpose.COMPLAINT: _("A complaint"),
        Purpose.DISPUTE: _("What was agreed is disputed"),
        Purpose.QUALITY: _("Quality of our work"),
        Purpose.AUTHORITY: _("A court or an authority asks"),
        Purpose.SECURITY: _("Fraud or a threat"),
    }


def purposes_offered() -> Sequence[tuple[str, str]]:
    """As choices of a form."""
    return [(str(purpose), label) for purpose, label in purpose_labels().items()]


def ground_labels() -> Mapping[Ground, str]:
    """Why recordings are kept beyond their day."""
    return {
        Ground.CLAIM: _("Legal claims"),
        Ground.COMPLAINT: _("A complaint"),
        Ground.AUTHORITY: _("A court or an authority asks"),
        Ground.PERSON: _("The customer needs it"),
    }


def state_label(state: State) -> str:
    """How a recording ended."""
    return {
        State.OPEN: _("Recording"),
        State.WHOLE: _("Whole"),
        State.FAILED: _("Ended by a fault"),
        State.LOST: _("Cut off by a crash"),
    }[state]


def integrity_label(integrity: Integrity) -> str:
    """What a file is beside the log."""
    return {
        Integrity.SOUND: _("The file is the one the log speaks of"),
        Integrity.OPEN: _("It is still being recorded"),
        Integrity.MISSING: _("The file is missing"),
        Integrity.CUT: _("The file was cut"),
        Integrity.LONGER: _("The file is longer than what was recorded"),
        Integrity.ALTERED: _("The file was altered"),
    }[integrity]


def because_label(because: Because) -> str:
    """Why recordings are no more."""
    return {
        Because.DUE: _("Their time was over"),
        Because.ERASED: _("The customer was erased"),
        Because.EMPTY: _("Nothing was said"),
    }[because]


def role_label(role: str) -> str:
    """Whose voice it is."""
    labels = {"customer": _("Customer"), "agent": _("Agent"), "third": _("Third party")}
    return labels.get(role, role)


def unrecorded_label(reason: str) -> str:
    """Why a call was not recorded; a word without a label is shown as it is."""
    labels = {
        "off": _("Calls to this number are not recorded"),
        "no-notice": _("There is no notice in this language"),
        "notice-not-heard": _("The notice was not heard to its end"),
        "no-consent": _("The caller did not agree"),
        "agent-has-not-agreed": _("The agent has not agreed to be recorded"),
        "alone": _("Nobody else was there"),
        "no-answer": _("The system did not answer"),
        "refused": _("Refused when it was asked again"),
        "media": _("The audio process failed"),
        "disk-full": _("The disk was full"),
        "disk": _("The disk failed"),
    }
    return labels.get(reason, reason)


def recording_labels() -> dict[str, str]:
    """Deeds and openings of the log."""
    return {
        "recording.begun": _("began to record"),
        "recording.ended": _("ended a recording"),
        "recording.not-made": _("did not record"),
        "recording.filed": _("filed recordings under a customer"),
        "recording.unfiled": _("took recordings off a customer whose they were not"),
        "recording.moved": _("moved recordings to the case of their call"),
        "recording.held": _("placed a legal hold on recordings"),
        "recording.released": _("released a legal hold"),
        "recording.destroyed": _("destroyed a recording"),
        "recording.exported": _("took recordings out"),
        "recording.copy-sent": _("sent a customer the link to a copy"),
        "recording.listen": _("listened to a recording"),
        "recording.export": _("opened recordings to take them out"),
        "recording.recover": _("read what a crash left of a recording"),
    }
