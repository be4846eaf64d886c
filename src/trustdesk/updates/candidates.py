"""Candidates of a change: whether anything may be written to them, and how they compare with what a feed says."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import connection

from trustdesk.isolation.api import joined
from trustdesk.kernel.context import AccessContext
from trustdesk.matching.contracts import Evidence, Said
from trustdesk.register import api as register
from trustdesk.register.contracts import HeldValue
from trustdesk.updates.contracts import Compared

RESTRICTED, ERASED = "restricted", "erased"
SECOND = "second_given"
ORDER = ("family", "given", SECOND, "birth_date", "national_id", "number", "address", "phone", "email")
"""By what people are told apart, in the order in which it is shown."""

_NOTHING = frozenset({"", "missing"})
_NATIONAL = frozenset({"national_id", "hetu", "pesel", "taj", "tax_id", "idnr"})
_EVERYTHING = "dpv:PersonalData"
_KINDS = {"phone": "phone", "email": "email", "address": "address", "place": "address", "birth_date": "birth_date"}
# Somebody whom a law alone keeps was erased; who is shown as one with a restricted record is restricted.
_STANDING = """
SELECT c.id, c.restricted_at IS NOT NULL OR coalesce(root.restricted_at IS NOT NULL, false),
  c.restriction_ground = 'law'
FROM register_customer c
LEFT JOIN register_customer root ON root.controller_id = c.controller_id AND root.id = c.merged_into
WHERE c.controller_id = %s AND c.id = ANY(%s)
"""


def closed(context: AccessContext, customer_ids: Sequence[int]) -> Mapping[int, str]:
    """Those about whom nothing is decided, and why: `restricted` (GDPR Art. 18) or `erased`; others are left out."""
    with joined(context.scope), connection.cursor() as cursor:
        cursor.execute(_STANDING, [context.controller_id, list(customer_ids)])
        rows = {row[0]: (row[1], row[2]) for row in cursor.fetchall()}
    found: dict[int, str] = {}
    for customer_id in customer_ids:
        restricted, kept_by_law = rows.get(customer_id, (True, True))
        if restricted:
            found[customer_id] = ERASED if kept_by_law else RESTRICTED
    return found


def covered(context: AccessContext, said: Iterable[Said]) -> list[Said]:
    """What of it the mandate covers (GDPR Art. 28(3)); all of it where that is everything."""
    if _EVERYTHING in context.categories:
        return list(said)
    codes = {one.code for one in register.catalog(context) if one.category in context.categories}
    return [one for one in said if one.attribute in codes]


def compared(said: Sequence[Said], held: Sequence[HeldValue], evidence: Sequence[Evidence]) -> list[Compared]:
    """Both sides, thing by thing, with what the model made of it; what neither has is left out."""
    left = _sorted((one.attribute, one.kind, one.text) for one in said)
    right = _sorted((one.attribute, one.kind, one.text) for one in held)
    judged = {one.about: one for one in evidence}
    found = []
    for about in ORDER:
        one = judged.get(about)
        weighed = one is not None and one.level not in _NOTHING
        if about == SECOND and weighed:
            texts = left.get("given", ()), right.get("given", ())  # they are said together
        else:
            texts = left.get(about, ()), right.get(about, ())
        if any(texts) or weighed:
            found.append(Compared(about, *texts, one.level if one else "", one.weight if one else 0.0))
    return found


def _sorted(values: Iterable[tuple[str, str, str]]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for attribute, kind, text in values:
        about = _about(attribute, kind)
        if text and text not in found.setdefault(about, []):
            found[about].append(text)
    return found


def _about(attribute: str, kind: str) -> str:
    if kind == "name":
        return "given" if attribute == "given_name" else "family"
    if kind == "external_id":
        return "national_id" if attribute in _NATIONAL else "number"
    return _KINDS.get(kind, kind)
