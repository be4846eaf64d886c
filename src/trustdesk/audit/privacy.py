"""What the log holds of people, declared (GDPR Art. 30)."""

from collections.abc import Iterable, Mapping, Sequence

from trustdesk.audit import api
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.registries import Person, PersonalField, Planned, PrivacyDeclaration, privacy

_ACCOUNTABILITY = "dpv:Accountability"
_RETENTION = "log"  # months; the month's key is destroyed, the tree's hashes stay
_OPERATORS_AND_SUBJECTS = "pd:Identifying"
_PAGE = 1_000

FIELDS = (
    PersonalField("audit_entry", "body", _OPERATORS_AND_SUBJECTS, _ACCOUNTABILITY, _RETENTION, sealed=True),
    PersonalField("audit_entry", "subjects", _OPERATORS_AND_SUBJECTS, _ACCOUNTABILITY, _RETENTION, sealed=True),
    PersonalField("audit_list", "body", _OPERATORS_AND_SUBJECTS, _ACCOUNTABILITY, _RETENTION, sealed=True),
    PersonalField("audit_list", "subjects", _OPERATORS_AND_SUBJECTS, _ACCOUNTABILITY, _RETENTION, sealed=True),
    PersonalField("audit_subject", "token", _OPERATORS_AND_SUBJECTS, _ACCOUNTABILITY, _RETENTION, sealed=True),
)
_NUMBERS = "identifiers, times and hashes of entries; no person is in them"
NOT_PERSONAL = {
    "audit_entry": "controller, id, time, kind, month, digest and transaction: what, when, never who",
    "audit_list": _NUMBERS,
    "audit_leaf": _NUMBERS,
    "audit_node": _NUMBERS,
    "audit_tree": _NUMBERS,
    "audit_checkpoint": "signed roots, made to be handed to strangers",
    "audit_subject": "the entry's id",
    "audit_key": "wrapped keys",
    "audit_installation_key": "wrapped keys",
    "audit_handout": _NUMBERS,
    "audit_check": _NUMBERS,
    "audit_position": "the sequencer's place",
}


def export_of(context: AccessContext, customer_id: int) -> Iterable[Mapping[str, object]]:
    """When, why and what was opened of the customer (GDPR Art. 15).

    Not who: the operators are not the customer's data (CJEU C-579/21, Pankki S, 22 June 2023).
    """
    before = None
    while page := api.entries(context, subject=customer_id, before=before, limit=_PAGE):
        for entry in page:
            yield {
                "kind": "look-up" if entry.kind == "opening" else "deed",
                "at": entry.at,
                "what": entry.what,
                "purpose": entry.purpose,
                "fields": list(entry.fields),
            }
        before = page[-1].id


def erase(context: AccessContext, persons: Sequence[Person]) -> Sequence[int]:
    """Nothing: the log outlives the customer as proof (GDPR Art. 17(3)(b), (e)) and dies by its own retention.

    It names the customer by number only; with the customer's keys gone the number leads nowhere.
    """
    del context
    return [0] * len(persons)


def plan(context: AccessContext, persons: Sequence[Person]) -> Sequence[Sequence[Planned]]:
    """Nothing goes, and the entries are not counted: they name a number that leads nowhere."""
    del context
    return [()] * len(persons)


def declare() -> None:
    privacy.register("audit", PrivacyDeclaration("audit", FIELDS, NOT_PERSONAL, export_of, erase, plan))
