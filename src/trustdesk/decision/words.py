"""What an entry of the packs or of a policy says, by its id: for whoever kept no more of a verdict than that."""

from collections.abc import Iterator

from trustdesk.decision.compiling import ACCOUNTABLE
from trustdesk.decision.contracts import (
    AttemptLimits,
    CallingWindow,
    Duty,
    Entry,
    Outcome,
    OutsideListRule,
    Packs,
    Policy,
    Reason,
    Rule,
)
from trustdesk.decision.messages import SAYS, Said
from trustdesk.decision.tree import And, Is, Node, Not, Or

_UNKNOWN_SCOPE = {
    "NO-RULE-COUNTRY": SAYS["no_rule"],
    "NO-RULE-POINT-COUNTRY": SAYS["no_rule_point"],
    "SCOPE-UNKNOWN": SAYS["no_rule"],
}


def reason_of(packs: Packs, policy: Policy, rule_id: str, outcome: Outcome) -> Reason | None:
    """The rule's word for the outcome; None where no entry of this name is in force any more."""
    if rule_id in _UNKNOWN_SCOPE:
        return Reason(rule_id, outcome, ACCOUNTABLE, _word(_UNKNOWN_SCOPE[rule_id], outcome))
    parameters: dict[str, str] = {}
    match entry := entry_of(packs, policy, rule_id):
        case None:
            return None
        case Rule():
            says = entry.says
        case CallingWindow():
            says = SAYS["window"]
        case AttemptLimits():
            says = SAYS["attempts"]
        case OutsideListRule():
            says, parameters = SAYS["listed"], {"list": entry.name}
        case Duty():
            says, parameters = SAYS["duty"], {"duty": entry.text}
        case _:
            return None
    return Reason(rule_id, outcome, entry.statute, _word(says, outcome), parameters)


def passes_by_itself(packs: Packs, policy: Policy, rule_id: str) -> bool:
    """Whether a refusal by this entry ends with time alone: hours, and attempts that are used up."""
    return isinstance(entry_of(packs, policy, rule_id), CallingWindow | AttemptLimits)


def product_words(packs: Packs) -> tuple[str, ...]:
    """What single entries name by a word of their own."""
    named: set[str] = set()
    for entry in (entry for pack in packs.by_jurisdiction.values() for entry in pack.entries()):
        match entry:
            case Rule(when=when, conditions=conditions, unless=unless):
                conditioned = (when, conditions, unless)
            case Duty(when=when):
                conditioned = (when, None, None)
            case _:
                continue
        named |= {word for node in conditioned if node is not None for word in _products(node)}
    return tuple(sorted(named))


def _products(node: Node) -> Iterator[str]:
    match node:
        case Not(part):
            yield from _products(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from _products(part)
        case Is("product", values):
            yield from values


def entry_of(packs: Packs, policy: Policy, rule_id: str) -> Entry | None:
    """The entry of this name."""
    own = (*policy.rules, *policy.duties, *policy.windows, *policy.attempts)
    every = [*own, *(entry for pack in packs.by_jurisdiction.values() for entry in pack.entries())]
    return next((entry for entry in every if entry.id == rule_id), None)


def _word(says: Said, outcome: Outcome) -> str:
    return {Outcome.DENY: says.deny, Outcome.UNDECIDED: says.undecided, Outcome.PERMIT: says.permit}[outcome]
