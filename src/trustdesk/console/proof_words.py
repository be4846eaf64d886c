"""Proofs of erasure in words: where each stands, what was looked through, and why something was not."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from trustdesk.proof.contracts import HitState, HitView, PartKind, PartView, SearchState


def search_label(state: SearchState) -> str:
    """Where a proof stands."""
    return {
        SearchState.PREPARED: _("Prepared"),
        SearchState.SCANNING: _("Looking"),
        SearchState.DECIDING: _("Somebody has to decide"),
        SearchState.DECIDED: _("All decided"),
        SearchState.PROVED: _("Certificate issued"),
    }[state]


TONES: Mapping[SearchState, tuple[str, str]] = {
    SearchState.PREPARED: ("plain", "key"),
    SearchState.SCANNING: ("accent", "search"),
    SearchState.DECIDING: ("warn", "warning"),
    SearchState.DECIDED: ("accent", "check"),
    SearchState.PROVED: ("good", "seal"),
}


def hit_label(state: HitState) -> str:
    """What became of something that was found."""
    return {
        HitState.OPEN: _("to be decided"),
        HitState.CLEARED: _("removed"),
        HitState.JUSTIFIED: _("may stay"),
    }[state]


def unread_label(reason: str) -> str:
    """Why something was not read; a reason that has no words yet is shown by its code."""
    labels = {
        "missing": _("not there any more"),
        "not-a-file": _("no file"),
        "forbidden": _("closed to the program, which keeps nothing of customers in it"),
        "unknown-kind": _("a kind that can't be read"),
        "broken": _("a broken file"),
        "encrypted": _("encrypted"),
        "too-big": _("too big"),
        "too-many-members": _("an archive of too many files"),
        "nested-too-deep": _("archives in archives, too deep"),
        "unpacks-to-too-much": _("unpacks to too much"),
        "took-too-long": _("took too long"),
        "pictures-without-text": _("pictures without text"),
    }
    return labels.get(reason, reason)


def reason_text(hit: HitView) -> str:
    """The reason as somebody wrote it, or our own words for what the plan had said already."""
    return _("was in the plan that was approved") if hit.reason == "kept-by-law" else hit.reason


def kind_label(kind: PartKind) -> str:
    """What was looked through."""
    return {
        PartKind.TABLE: _("Tables"),
        PartKind.SEALED: _("Sealed texts about others"),
        PartKind.STORE: _("Files"),
    }[kind]


def summed(parts: Sequence[PartView]) -> list[tuple[str, int, int, int, int, int]]:
    """Parts by kind: label, how many, rows, files, bytes, milliseconds."""
    found = []
    for kind in PartKind:
        own = [part for part in parts if part.kind is kind]
        numbers = [(part.rows, part.files, part.size, part.milliseconds) for part in own]
        rows, files, size, milliseconds = (sum(column) for column in zip(*numbers, strict=True)) if own else (0,) * 4
        found.append((kind_label(kind), len(own), rows, files, size, milliseconds))
    return found
