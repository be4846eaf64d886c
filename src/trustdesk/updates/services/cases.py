"""One change on its way through a batch, and whether it was taken before."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import orjson

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id
from trustdesk.matching.contracts import Identity, Judgement, Outcome, Said
from trustdesk.register.contracts import Held
from trustdesk.updates import wire
from trustdesk.updates.contracts import Change, Fate, Terms, Verdict
from trustdesk.vault.api import Tokeniser

NOT_ALLOWED = "not-allowed"

# One at a time for a feed: what two workers took at once would be taken twice.
_ALONE = "SELECT pg_advisory_xact_lock(%s)"
_BEFORE = """
SELECT record_token, id, customer_id FROM updates_change
WHERE controller_id = %s AND feed_id = %s AND record_token = ANY(%b::bigint[])
"""


@dataclass(slots=True)
class Case:
    """A change and what is known of it so far. `fate` is empty until it is decided."""

    change: Change = field(repr=False)
    token: int
    change_id: int
    asked: Identity | None = field(default=None, repr=False)
    judgement: Judgement | None = None
    customer_id: int | None = None
    held: Held | None = field(default=None, repr=False)
    withheld: frozenset[Said] = field(default=frozenset(), repr=False)  # what it says that stays away
    fate: Fate | None = None
    reason: str = ""

    @property
    def outcome(self) -> Outcome:
        return self.judgement.outcome if self.judgement else Outcome.NONE

    def end(self, fate: Fate, reason: str = "") -> None:
        self.fate, self.reason = fate, reason

    def verdict(self) -> Verdict:
        if self.fate is None:
            raise RuntimeError("a change was left undecided")
        return Verdict(
            position=self.change.position,
            fate=self.fate,
            change_id=self.change_id,
            customer_id=self.customer_id,
            reason=self.reason,
        )


def cases_of(context: AccessContext, changes: Sequence[Change], terms: Terms) -> list[Case]:
    """The changes with their tokens; decided are repeats, and what the company does not let this feed change."""
    digest = Tokeniser(context).digest
    cases = [Case(change, digest(_content(terms.feed_id, change)), new_id()) for change in changes]
    wire.fetch(_ALONE, digest(f"updates.take|{terms.feed_id}"))
    before = {
        token: (change_id, customer_id)
        for token, change_id, customer_id in wire.fetch(
            _BEFORE, context.controller_id, terms.feed_id, [case.token for case in cases]
        )
    }
    for case in cases:
        if case.token in before:
            case.change_id, case.customer_id = before[case.token]
            case.end(Fate.BEFORE)
            continue
        before[case.token] = (case.change_id, None)
        if case.change.kind not in terms.kinds:
            case.end(Fate.KEPT, NOT_ALLOWED)
    return cases


def open_cases(cases: Sequence[Case]) -> list[Case]:
    return [case for case in cases if case.fate is None]


def _content(feed_id: int, change: Change) -> str:
    """All that the record says, in one notation: what says something else at the same place is another record."""
    said = [
        [[one.attribute, one.kind, one.text, one.shared] for one in several]
        for several in (change.person, change.becomes, change.ends)
    ]
    parts = [feed_id, change.position, change.kind.value, change.as_of, change.key, change.country, said]
    return orjson.dumps(parts, option=orjson.OPT_UTC_Z).decode()
