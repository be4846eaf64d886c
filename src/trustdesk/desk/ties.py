"""What ties a customer to others: the company and its contacts, and other records shown as one with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from trustdesk.design.happenings import operator_name
from trustdesk.register.contracts import Card, CustomerKind, Employment, Merge

HAVE_CONTACTS = frozenset({CustomerKind.COMPANY, CustomerKind.SOLE_TRADER})


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeRow:
    """One merge that stands. `closed` is the reason why it can't be undone now; empty where it can."""

    merge: Merge
    by: str
    closed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties:
    """`takes_contacts`: named employees can be created here; `closed` why not just now."""

    employment: Employment
    works_somewhere: bool
    takes_contacts: bool
    closed: str
    law: str
    merges: Sequence[MergeRow]


def ties(card: Card, merges: Sequence[Merge], employment: Employment, names: dict[int, str]) -> Ties:
    restricted = card.restriction is not None
    return Ties(
        employment=employment,
        works_somewhere=card.kind is CustomerKind.NAMED_EMPLOYEE or bool(employment.employers),
        takes_contacts=card.kind in HAVE_CONTACTS,
        closed=_("Restricted to storage at the customer's request.") if restricted else "",
        law=_("GDPR Art. 18") if restricted else "",
        merges=[
            MergeRow(
                merge=merge,
                by=operator_name(names, merge.merged_by),
                closed=_("A later merge carried it along: undo that one first.") if merge.carried_by else "",
            )
            for merge in merges
        ],
    )
