"""From facts or bits to the verdict with its reasons."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from trustdesk.decision.contracts import Duty, Facts, Outcome, Reason, Verdict
from trustdesk.decision.program import Program
from trustdesk.decision.reading import check_facts, why_not

# Instants at which a fact that was asked for changes by itself.
_ENDS: Mapping[str, tuple[str, ...]] = {
    "consent": ("consent_at", "consent_until"),
    "consent_at": ("consent_at",),
    "consent_until": ("consent_until",),
    "list_current": ("list_current_until",),
    "inside_window": ("window_until",),
}
_SAID_AT_MOST = 256
_FIRST = {Outcome.DENY: 0, Outcome.UNDECIDED: 1, Outcome.PERMIT: 2}


def decide(program: Program, facts: Facts) -> Verdict:
    check_facts(facts)
    at = program.question.at
    bits = program.read(facts, at)
    outcome = program.outcome(bits)
    permitted = outcome is Outcome.PERMIT
    return Verdict(
        outcome=outcome,
        reasons=_reasons_of_mask(program, bits) if permitted else _reasons(program, bits, facts),
        holds_until=_holds_until(program, facts),
        packs_digest=program.packs_digest,
        mask=bits,
        duties=_duties(program, facts, at) if permitted else (),
    )


def verdict_of_mask(program: Program, bits: int) -> Verdict:
    return Verdict(
        outcome=program.outcome(bits),
        reasons=_reasons_of_mask(program, bits),
        holds_until=program.valid_to,
        packs_digest=program.packs_digest,
        mask=bits,
    )


def _reasons_of_mask(program: Program, bits: int) -> tuple[Reason, ...]:
    reasons = program.said.get(bits)
    if reasons is None:
        if len(program.said) >= _SAID_AT_MOST:
            program.said.clear()
        reasons = program.said[bits] = _reasons(program, bits, None)
    return reasons


def _reasons(program: Program, bits: int, facts: Facts | None) -> tuple[Reason, ...]:
    """In the order of the clauses, those of the outcome first; with what is missing where facts are at hand."""
    found = []
    for clause in program.clauses:
        reason = clause.reasons.get(bits & clause.bits)
        if reason is None:
            continue
        if facts is not None and reason.outcome is not Outcome.PERMIT:
            reason = replace(reason, because=why_not(clause.holds, facts, program.question.at))
        found.append(reason)
    return tuple(sorted(found, key=lambda reason: _FIRST[reason.outcome]))


def _holds_until(program: Program, facts: Facts) -> datetime | None:
    at = program.question.at
    instants = [facts.get(end) for asked in program.facts if asked in _ENDS for end in _ENDS[asked]]
    edges = [instant for instant in instants if isinstance(instant, datetime) and instant > at]
    if program.valid_to is not None:
        edges.append(program.valid_to)
    return min(edges, default=None)


def _duties(program: Program, facts: Facts, at: datetime) -> tuple[Duty, ...]:
    """Those that apply, and those of which it is not known whether they do."""
    return tuple(
        [
            part.duty
            for part in program.duties
            if part.applies(facts, at) is not False and part.when(facts, at) is not False
        ]
    )
