"""The ledger of what was given to whom, as lines a person reads: at the desk and in the console alike."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from trustdesk.accounts import api as accounts
from trustdesk.design.happenings import operator_name
from trustdesk.design.law import basis_label
from trustdesk.design.purposes import purpose_label
from trustdesk.design.readable import readable, value_name
from trustdesk.register.contracts import CardValue, Disclosure


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One line. `text` is empty where the value can't be seen; not `current`: it was corrected since."""

    what: str
    text: str
    current: bool
    recipient: str
    purpose: str
    basis: str
    term: str
    at: datetime
    by: str


def given(disclosures: Sequence[Disclosure], *, values: Iterable[CardValue], labels: Mapping[str, str]) -> list[Given]:
    """The lines, newest first. `values` are those at hand, already opened; `labels` name the attributes."""
    names = accounts.names({one.disclosed_by for one in disclosures if one.disclosed_by}) if disclosures else {}
    known = {value.value_id: value for value in values}
    return [_given(one, known.get(one.value_id), labels, names) for one in disclosures]


def _given(one: Disclosure, value: CardValue | None, labels: Mapping[str, str], names: dict[int, str]) -> Given:
    return Given(
        what=value_name(value) if value else labels.get(one.attribute, one.attribute),
        text=readable(value) if value else "",
        current=value is not None and value.superseded_at is None,
        recipient=one.recipient,
        purpose=purpose_label(one.purpose),
        basis=basis_label(one.legal_basis),
        term=one.legal_basis,
        at=one.disclosed_at,
        by=operator_name(names, one.disclosed_by),
    )
