"""A question over the packs, compiled: ordered clauses, each with its bits."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from trustdesk.decision.contracts import BrokenPackError, Duty, Facts, Outcome, Question, Reason, Statute
from trustdesk.decision.messages import Said, gettext_noop
from trustdesk.decision.tree import Node, possible

Reader = Callable[[Facts, datetime], bool | None]
Mask = Callable[[Facts, datetime], int]

BITS = 62
"""A mask is a bigint of every engine, and its sign is left alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One rule, compiled. It speaks where `applies` is true: then `holds` says which of the three codes it adds.

    A clause has one bit of the mask where it can say one thing, and two where it can say more: the third is both bits.
    A code of 0 says nothing: a prohibition that does not hit permits nothing either.
    """

    rule_id: str
    statute: Statute
    applies: Node
    holds: Node
    when_true: int
    when_false: int
    when_unknown: int
    reasons: Mapping[int, Reason] = field(repr=False)  # by code

    @property
    def bits(self) -> int:
        return self.when_true | self.when_false | self.when_unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyInForce:
    """A duty, and how to read for whom it holds and when."""

    duty: Duty
    applies: Reader
    when: Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What the bits of a mask speak for. `triples` are the lower bits of pairs that mean permit alone, deny where the
    upper one is set alone, and undecided where both are.
    """

    permit: int
    deny: int
    undecided: int
    triples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """The clauses in the order of their bits; they stay the same from `valid_from` until just before `valid_to`.

    `facts` are the names the clauses ask for: a table needs these columns. `said` keeps the reasons behind a mask:
    people differ, masks hardly do.
    """

    question: Question
    clauses: Sequence[Clause]
    duties: Sequence[DutyInForce]
    facts: tuple[str, ...]
    weights: Weights
    read: Mask = field(repr=False, compare=False)
    said: dict[int, tuple[Reason, ...]] = field(default_factory=dict, repr=False, compare=False)
    valid_from: datetime | None
    valid_to: datetime | None
    packs_digest: str
    policy_digest: str

    def outcome(self, bits: int) -> Outcome:
        """Deny where a clause denies; else undecided where one can't be decided or none permits; else permit."""
        weights = self.weights
        upper = bits >> 1
        if bits & weights.deny or upper & ~bits & weights.triples:
            return Outcome.DENY
        if bits & weights.undecided or upper & bits & weights.triples:
            return Outcome.UNDECIDED
        return Outcome.PERMIT if bits & (weights.permit | weights.triples) else Outcome.UNDECIDED


@dataclass(slots=True)
class Bits:
    """Hands out bits and keeps what they speak for."""

    used: int = 0
    single: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    triples: int = 0

    def clause(
        self,
        *,
        rule_id: str,
        statute: Statute,
        says: Said,
        applies: Node,
        holds: Node,
        parameters: Mapping[str, str] | None = None,
        permits: bool = False,
        false_is: Outcome = Outcome.DENY,
    ) -> Clause:
        """A clause with bits for what its condition can come to. Raises BrokenPackError where none are left."""
        values = possible(holds)
        said: list[tuple[bool | None, Outcome, str]] = []
        if permits and True in values:
            said.append((True, Outcome.PERMIT, says.permit))
        if False in values:
            said.append((False, false_is, says.deny))
        if None in values:
            said.append((None, Outcome.UNDECIDED, says.undecided))
        codes = self._codes([outcome for _, outcome, _ in said], rule_id)
        by_value = {value: code for (value, _, _), code in zip(said, codes, strict=True)}
        return Clause(
            rule_id=rule_id,
            statute=statute,
            applies=applies,
            holds=holds,
            when_true=by_value.get(True, 0),
            when_false=by_value.get(False, 0),
            when_unknown=by_value.get(None, 0),
            reasons={
                code: Reason(rule_id, outcome, statute, message, parameters or {})
                for (_, outcome, message), code in zip(said, codes, strict=True)
            },
        )

    def weights(self) -> Weights:
        return Weights(
            permit=self.single[Outcome.PERMIT],
            deny=self.single[Outcome.DENY],
            undecided=self.single[Outcome.UNDECIDED],
            triples=self.triples,
        )

    def _codes(self, outcomes: Sequence[Outcome], rule_id: str) -> Sequence[int]:
        lower, upper = 1 << self.used, 2 << self.used
        self.used += min(len(outcomes), 2)
        if self.used > BITS:
            raise BrokenPackError(
                gettext_noop("Too many rules answer one question."),
                place=rule_id,
                mend=gettext_noop("Join rules that ask for the same."),
            )
        if len(outcomes) == len(Outcome):
            self.triples |= lower
            return (lower, upper, lower | upper)
        codes = (lower, upper)[: len(outcomes)]
        for outcome, code in zip(outcomes, codes, strict=True):
            self.single[outcome] |= code
        return codes
