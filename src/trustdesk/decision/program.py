"""A question over the packs, compiled."""

from dataclasses import dataclass
from datetime import datetime

from trustdesk.decision.contracts import Effect, Outcome, Question, Statute
from trustdesk.decision.tree import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One rule, compiled. Speaks where `applies` is true; then `holds` true sets the permit bit, false the deny bit,
    unknown the undecided bit. A bit of 0 says nothing: a prohibition that does not hit permits nothing either."""

    rule_id: str
    statute: Statute
    message: str
    applies: Node
    holds: Node
    permit_bit: int
    deny_bit: int
    undecided_bit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """The clauses in the order of their bits, the facts they ask for, and the instants between which they stay the
    same. `deny_bits`, `undecided_bits` and `permit_bits` are the unions."""

    question: Question
    clauses: tuple[Clause, ...]
    facts: tuple[str, ...]
    valid_from: datetime | None
    valid_to: datetime | None
    packs_digest: str
    policy_digest: str
    deny_bits: int
    undecided_bits: int
    permit_bits: int
