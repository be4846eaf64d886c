"""From packs, policy and question to clauses."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from trustdesk.decision.catalog import ABOUT
from trustdesk.decision.contracts import (
    ADVERTISING,
    BASE,
    Audience,
    Binding,
    Channel,
    Duty,
    Effect,
    Entry,
    LegalBasis,
    Outcome,
    Packs,
    Policy,
    Question,
    Rule,
    Scope,
    Statute,
)
from trustdesk.decision.limits import attempts_that_bind, lists_that_count, windows_that_bind
from trustdesk.decision.messages import SAYS
from trustdesk.decision.program import Bits, Clause, DutyInForce, Program
from trustdesk.decision.reading import check_about, mask_reader, reader
from trustdesk.decision.tree import FALSE, TRUE, UNKNOWN, And, AtLeast, Fact, Is, Known, Node, Not, Or, fold, names

NUMBERS = frozenset({Channel.CALL_HUMAN, Channel.CALL_AUTOMATED, Channel.SMS, Channel.MMS, Channel.FAX})
"""Channels whose points have a country by themselves."""
ACCOUNTABLE = Statute("GDPR art 5(2)", "https://eur-lex.europa.eu/eli/reg/2016/679/oj", "GDPR")
_CONSENTED = Is("consent", ("given",))
_DEMANDS: Mapping[Effect, Node] = {
    Effect.LAWFUL: TRUE,
    Effect.OPT_OUT: Not(Fact("objected")),
    Effect.PRESUMED_CONSENT: Is("consent", ("given", "presumed")),
    Effect.OPT_IN: _CONSENTED,
    Effect.OPT_IN_EXPRESS: And((_CONSENTED, Fact("consent_express"))),
    Effect.PROHIBITED: FALSE,
}
_NEEDS_CONSENT = frozenset({Effect.OPT_IN, Effect.OPT_IN_EXPRESS})
_ATTEMPTS = {"per_day": "attempts_today", "per_week": "attempts_week", "per_campaign": "attempts_campaign"}
_LIST_FRESH = Or((Fact("list_current"), UNKNOWN))  # a stale list can't be asked


class Compiler:
    """One question over packs and policy, at an instant between two edges."""

    def __init__(self, packs: Packs, policy: Policy, question: Question) -> None:
        self.packs, self.policy, self.question = packs, policy, question
        self.about: dict[str, object] = {name: question.about.get(name) for name in ABOUT}
        self.countries = [name for name in packs.countries if name in (question.countries or packs.countries)]
        self.bits = Bits()

    def program(self) -> Program:
        clauses = [
            *self._coverage(),
            *self._rules(),
            *self._softs(),
            *self._lists(),
            *self._duty_clauses(),
            *self._at_contact(),
        ]
        clauses = [*self._scope_known(clauses), *clauses]
        edges = sorted(self._edges())
        at = self.question.at
        asked = {name for clause in clauses for node in (clause.applies, clause.holds) for name in names(node)}
        return Program(
            question=self.question,
            clauses=tuple(clauses),
            duties=tuple(self._duties_in_force()),
            facts=tuple(sorted(asked)),
            weights=self.bits.weights(),
            read=mask_reader(clauses),
            valid_from=max((edge for edge in edges if edge <= at), default=None),
            valid_to=min((edge for edge in edges if edge > at), default=None),
            packs_digest=self.packs.digest,
            policy_digest=self.policy.digest,
        )

    # Which entries speak

    def _speaks(self, scope: Scope) -> bool:
        question = self.question
        inside = question.channel in scope.channels and question.purpose_kind in scope.purpose_kinds
        here = scope.jurisdiction == BASE or scope.jurisdiction in self.countries
        return inside and here and scope.valid_at(question.at)

    def _rules_of(self, rules: Iterable[Rule]) -> list[Rule]:
        return [rule for rule in rules if self._speaks(rule) and self.question.legal_basis in rule.legal_bases]

    def _edges(self) -> Iterator[datetime]:
        entries: list[Entry] = [*self.policy.rules, *self.policy.duties, *self.policy.attempts, *self.policy.windows]
        for pack in self.packs.by_jurisdiction.values():
            entries += pack.entries()
        for entry in entries:
            yield from (edge for edge in (entry.valid_from, entry.valid_to) if edge is not None)

    # Clauses

    def _rules(self) -> Iterator[Clause]:
        for jurisdiction in (BASE, *self.countries):
            rules = self._rules_of(self.packs.by_jurisdiction[jurisdiction].rules)
            softs = [rule for rule in rules if rule.effect is Effect.SOFT_OPT_IN]
            for rule in rules:
                if rule.effect is not Effect.SOFT_OPT_IN:
                    yield from self._rule(rule, softs, permits=rule.effect is not Effect.PROHIBITED)
        for rule in self._rules_of(self.policy.rules):
            yield from self._rule(rule, [], permits=False)

    def _rule(self, rule: Rule, softs: Iterable[Rule], *, permits: bool) -> Iterator[Clause]:
        when = fold(rule.when or TRUE, self.about)
        ways: list[Node] = [_DEMANDS[rule.effect]]
        if rule.unless is not None:
            ways.append(rule.unless)
        if rule.effect in _NEEDS_CONSENT and rule.legal_bases == frozenset(LegalBasis):
            # What the law on advertising asks for; the consent that a legal basis is has no stand-in.
            ways += [_soft(soft, rule.audiences) for soft in softs if soft.audiences & rule.audiences]
        demand = And((Or(tuple(ways)), rule.conditions or TRUE))
        holds = fold(Or((Not(when), demand)), self.about)
        if when != FALSE and (permits or holds != TRUE):
            yield self.bits.clause(
                rule_id=rule.id,
                statute=rule.statute,
                says=rule.says,
                applies=self._scope(rule),
                holds=holds,
                permits=permits,
            )

    def _softs(self) -> Iterator[Clause]:
        """The exception for customers, where it carries a contact, says so under its own statute."""
        for jurisdiction in self.countries:
            for rule in self._rules_of(self.packs.by_jurisdiction[jurisdiction].rules):
                holds = fold(_soft(rule, rule.audiences), self.about)
                if rule.effect is Effect.SOFT_OPT_IN and holds not in (FALSE, UNKNOWN):
                    clause = self.bits.clause(
                        rule_id=rule.id,
                        statute=rule.statute,
                        says=rule.says,
                        applies=fold(And((self._scope(rule), holds)), {}),
                        holds=TRUE,
                        permits=True,
                    )
                    yield clause

    def _coverage(self) -> Iterator[Clause]:
        """Advertising is a matter of each country's law: a country without a rule for it can't be decided."""
        if self.question.purpose_kind not in ADVERTISING:
            return
        covered: dict[frozenset[Audience], list[str]] = {}
        for country in self.countries:
            rules = self._rules_of(self.packs.by_jurisdiction[country].rules)
            reached = [rule.audiences for rule in rules if rule.effect not in {Effect.SOFT_OPT_IN, Effect.PROHIBITED}]
            audiences = frozenset[Audience]().union(*reached)
            if audiences:
                covered.setdefault(audiences, []).append(country)
        number = self.question.channel in NUMBERS
        for fact, says, applies in (
            ("country", "no_rule", TRUE),
            ("point_country", "no_rule_point", TRUE if number else Known("point_country")),
        ):
            groups = [And((Is(fact, tuple(lands)), _audience(who))) for who, lands in covered.items()]
            yield self.bits.clause(
                rule_id=f"NO-RULE-{fact.upper().replace('_', '-')}",
                statute=ACCOUNTABLE,
                says=SAYS[says],
                applies=applies,
                holds=fold(Or(tuple(groups)), {}),
                false_is=Outcome.UNDECIDED,
            )

    def _scope_known(self, clauses: Iterable[Clause]) -> Iterator[Clause]:
        """Where a clause speaks of some countries or audiences only, these have to be known."""
        if self.question.purpose_kind in ADVERTISING:
            return
        scoped = {name for clause in clauses for name in names(clause.applies)}
        needed: list[Node] = [_audience(frozenset(Audience))] if "audience" in scoped else []
        if "country" in scoped:
            needed.append(Or((Known("country"), UNKNOWN)))
        if "point_country" in scoped and self.question.channel in NUMBERS:
            needed.append(Or((Known("point_country"), UNKNOWN)))
        if needed:
            yield self.bits.clause(
                rule_id="SCOPE-UNKNOWN",
                statute=ACCOUNTABLE,
                says=SAYS["no_rule"],
                applies=TRUE,
                holds=fold(And(tuple(needed)), {}),
                false_is=Outcome.UNDECIDED,
            )

    def _lists(self) -> Iterator[Clause]:
        for rule in lists_that_count(self.packs, self.policy):
            if self._speaks(rule):
                yield self.bits.clause(
                    rule_id=rule.id,
                    statute=rule.statute,
                    says=SAYS["listed"],
                    parameters={"list": rule.name},
                    applies=self._scope(rule),
                    holds=Or((_CONSENTED, And((Not(Fact("listed")), _LIST_FRESH)))),
                )

    def duties(self) -> list[Duty]:
        packs = (self.packs.by_jurisdiction[name] for name in (BASE, *self.countries))
        found = [duty for pack in packs for duty in pack.duties] + list(self.policy.duties)
        return [duty for duty in found if self._speaks(duty)]

    def _duty_clauses(self) -> Iterator[Clause]:
        """A duty that is said not to be fulfilled stops; at the moment of contact it has to be said that it is.

        What was not said is missing once for all who ask for it: one clause, under the name of the first.
        """
        silent: dict[str, list[Duty]] = {}
        for duty in self.duties():
            done = fold(Fact(duty.fulfilled_by), self.about) if duty.fulfilled_by else TRUE
            if done == FALSE:
                yield from self._duty([duty], FALSE)
            elif done == UNKNOWN and self.question.contact:
                silent.setdefault(duty.fulfilled_by, []).append(duty)
        for together in silent.values():
            yield from self._duty(together, UNKNOWN)

    def _duty(self, together: Sequence[Duty], done: Node) -> Iterator[Clause]:
        first = together[0]
        asked = Or(tuple(And((self._scope(duty), duty.when or TRUE)) for duty in together))
        if (asked_here := fold(asked, self.about)) != FALSE:
            # Where it is not known whether the duty is asked for, it can't be decided either.
            plain = all(duty.when is None for duty in together)
            yield self.bits.clause(
                rule_id=first.id,
                statute=first.statute,
                says=SAYS["duty"],
                parameters={"duty": first.text},
                applies=asked_here if plain else TRUE,
                holds=done if plain else fold(Or((Not(asked_here), done)), {}),
            )

    def _duties_in_force(self) -> Iterator[DutyInForce]:
        for duty in self.duties():
            when = fold(duty.when or TRUE, self.about)
            if when != FALSE:
                yield DutyInForce(duty=duty, applies=reader(self._scope(duty)), when=reader(when))

    def _at_contact(self) -> Iterator[Clause]:
        if not self.question.contact:
            return
        for limits in attempts_that_bind(self.packs, self.policy):
            numbers = ((fact, getattr(limits, word)) for word, fact in _ATTEMPTS.items())
            left = [Not(AtLeast(fact, number)) for fact, number in numbers if number is not None]
            if self._speaks(limits) and left:
                yield self.bits.clause(
                    rule_id=limits.id,
                    statute=limits.statute,
                    says=SAYS["attempts"],
                    applies=self._scope(limits),
                    holds=fold(And(tuple(left)), {}),
                )
        windows = [window for window in windows_that_bind(self.packs, self.policy) if self._speaks(window)]
        if windows:
            # One fact for all of them, under the name of the strictest: the tenant's own, else the product's.
            strictest = max(windows, key=lambda window: (window.binding is Binding.TENANT, window.jurisdiction == BASE))
            yield self.bits.clause(
                rule_id=strictest.id,
                statute=strictest.statute,
                says=SAYS["window"],
                applies=fold(Or(tuple(self._scope(window) for window in windows)), {}),
                holds=Fact("inside_window"),
            )

    def _scope(self, scope: Scope) -> Node:
        parts: list[Node] = []
        if scope.jurisdiction != BASE:
            here = (scope.jurisdiction,)
            parts.append(Or((Is("country", here), Is("point_country", here))))
        if scope.audiences != frozenset(Audience):
            parts.append(_audience(scope.audiences))
        return fold(And(tuple(parts)), {})


def _audience(audiences: frozenset[Audience]) -> Node:
    return Is("audience", tuple(kind for kind in Audience if kind in audiences))


def _soft(rule: Rule, audiences: frozenset[Audience]) -> Node:
    """What stands in for consent, inside a rule that is for `audiences`."""
    parts = [rule.when or TRUE, rule.conditions or TRUE]
    return And((_audience(rule.audiences), *parts) if audiences - rule.audiences else tuple(parts))


_KEPT: dict[tuple[object, ...], list[Program]] = {}
_KEPT_AT_MOST = 512


def compiled(packs: Packs, policy: Policy, question: Question) -> Program:
    """The program for the question, compiled once for all instants between two edges."""
    if question.at.tzinfo is None:
        msg = "an instant needs a time zone"
        raise ValueError(msg)
    about = tuple(sorted(question.about.items()))
    key = (
        packs.digest,
        policy.digest,
        question.channel,
        question.purpose_kind,
        question.legal_basis,
        question.contact,
        question.countries,
        about,
    )
    for program in _KEPT.get(key, ()):
        if (program.valid_from is None or program.valid_from <= question.at) and (
            program.valid_to is None or question.at < program.valid_to
        ):
            return replace(program, question=question)
    check_about(question.about)
    program = Compiler(packs, policy, question).program()
    if len(_KEPT) >= _KEPT_AT_MOST:
        _KEPT.clear()
    _KEPT.setdefault(key, []).append(program)
    return program
