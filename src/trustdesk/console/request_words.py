"""What happened to a request and what exactly it asks for, as an officer reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.clearance.contracts import Purpose
from trustdesk.console.connector_words import TONES, fault_words, state_label
from trustdesk.design.contacting import channel_label, purpose_name
from trustdesk.design.happenings import operator_name
from trustdesk.design.readable import readable, value_name
from trustdesk.design.requesting import ground_label, happening_label, proof_label, way_label
from trustdesk.design.restriction import ground_label as restriction_label
from trustdesk.register.contracts import CardValue
from trustdesk.rights.contracts import Channel, Elsewhere, Ground, Happened, Happening, Kind, ProofKind, Wish


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the history."""

    at: datetime
    label: str
    about: str
    by: str
    detail: str


def lines(history: Sequence[Happened], names: dict[int, str]) -> list[Line]:
    """The newest first."""
    told = [
        Line(each.at, happening_label(each.happening), _about(each), operator_name(names, each.by), each.detail or "")
        for each in history
    ]
    return told[::-1]


def wanted(
    kind: Kind, wish: Wish, *, purposes: Sequence[Purpose], values: Sequence[CardValue]
) -> list[tuple[str, str]]:
    """What exactly is asked for, as names and words; nothing where the right needs no more said, or nobody said it."""
    held = {value.value_id: value for value in values}
    names = {purpose.code: purpose_name(purpose) for purpose in purposes}
    said = [
        (value_name(held[value_id]), f"{readable(held[value_id])} → {text}")
        if value_id in held
        else (_("A value that is no longer current"), text)
        for value_id, text in wish.corrections
    ]
    if wish.ground:
        said.append((_("Why it is to be kept and not used"), restriction_label(wish.ground)))
    if wish.purpose:
        said.append((_("Purpose"), names.get(wish.purpose, wish.purpose)))
    elif kind is Kind.OBJECTION:
        said.append((_("Purpose"), _("All advertising")))
    if wish.way:
        said.append((_("By which way"), channel_label(wish.way)))
    return said


@dataclass(frozen=True, slots=True)
class There:
    """How a correction stands in one connected system. `next_at`: when it is tried again."""

    connector_id: int
    name: str
    label: str
    tone: str
    at: datetime | None
    trouble: str
    next_at: datetime | None
    doubtful: int


def put_right(found: Sequence[Elsewhere]) -> list[There]:
    """A line a connected system."""
    return [_there(each) for each in found]


def _there(each: Elsewhere) -> There:
    receipt = each.receipt
    if receipt is None:
        return There(each.connector_id, each.name, _("not asked yet"), "plain", None, "", None, 0)
    if not receipt.complete:
        trouble = fault_words(receipt.fault)[0]
        label, tone = state_label(receipt.state), TONES[receipt.state]
        return There(each.connector_id, each.name, label, tone, None, trouble, receipt.next_at, 0)
    label = _("put right") if receipt.changed else _("nothing to put right")
    return There(each.connector_id, each.name, label, "good", receipt.at, "", None, receipt.doubtful)


def _about(each: Happened) -> str:
    """The word of ours that stands with a happening."""
    if not each.code:
        return ""
    if each.happening is Happening.RECEIVED:
        return way_label(Channel(each.code))
    if each.happening is Happening.PROVED:
        return proof_label(ProofKind(each.code))
    if each.happening is Happening.REFUSED:
        return ground_label(Ground(each.code))
    return _codes().get(each.code, each.code)


def _codes() -> Mapping[str, str]:
    return {
        "request-received": _("that it arrived"),
        "request-identity": _("asking who it is"),
        "request-code": _("a code"),
        "request-extended": _("that it takes longer, and why"),
        "request-erasing": _("that the data are about to be erased"),
        "request-done": _("that it is done"),
        "request-answer": _("the outcome"),
        "request-refused": _("the refusal and its ground"),
        "request-alert": _("a former contact point: that a request was made"),
        "email": _("by e-mail"),
        "phone": _("by text message"),
        "delegated": _("by a processor whose mandate allows it"),
    }
