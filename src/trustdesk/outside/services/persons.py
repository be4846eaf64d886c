"""Who is looked for elsewhere: read from the register in one entry of the log, and no more than the setups name."""

from collections.abc import Iterable, Mapping, Sequence

from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.ids import to_public
from trustdesk.outside.contracts import CUSTOMER, EMAIL, NAME, PHONE, Person
from trustdesk.outside.selectors import setups
from trustdesk.register.api import catalog, identifying_values
from trustdesk.register.contracts import CardValue, Identifying, ValueKind
from trustdesk.vault.api import normal_value, open_many

_REASON = "legal obligation (GDPR Art. 6(1)(c))"
_BY_KIND = {EMAIL: ValueKind.EMAIL, PHONE: ValueKind.PHONE, NAME: ValueKind.NAME}
_GIVEN, _FAMILY = "given_name", "family_name"


def person_of(context: AccessContext, *, customer_id: int, connector_id: int | None = None) -> Person:
    """By what this customer is known to one connected system, or to all of the company's: opened in one entry of the
    log, and only what the setups name. Whoever erases asks before the register forgets, and keeps it sealed.

    Needs `customer:open`. NotFoundError for a customer or system that can't be seen from here; RefusedError where the
    mandate covers not all of it.
    """
    keys = frozenset[str]().union(*(setup.keys for setup in setups(context, connector_id)))
    return _read(context, customer_id, keys)


def person_read(people: Sequence[int], values: Iterable[CardValue]) -> Person:
    """The same of what the caller has read already, by every key that a setup could name: a system may be connected
    when the register knows the person no more. `people` are all records shown as one; whoever asks seals it. Pure.
    """
    held = list(values)
    known: dict[str, list[str]] = {CUSTOMER: [to_public(one) for one in people]}
    former: dict[str, list[str]] = {}
    by_kind = {kind: key for key, kind in _BY_KIND.items()}
    for value in held:
        if not value.text:
            continue
        keys = {value.attribute} - {CUSTOMER, *_BY_KIND}
        if value.kind in by_kind and value.attribute not in {_GIVEN, _FAMILY}:
            keys.add(by_kind[value.kind])
        for key in sorted(keys):
            _put(known if value.superseded_at is None or key == NAME else former, key, _written(key, value.text))
    parts = {code: [str(one.text) for one in held if one.attribute == code and one.text] for code in (_GIVEN, _FAMILY)}
    for name in _pairs(parts):
        _put(known, NAME, name)
    return Person(customer_id=people[0], known=known, former=_without(former, known))


def _read(context: AccessContext, customer_id: int, keys: frozenset[str]) -> Person:
    attributes = _attributes(context, keys)
    held = identifying_values(context, customer_id, [code for codes in attributes.values() for code in codes])
    texts = _opened(context, customer_id, held)
    together = dict.fromkeys([customer_id, *(one.value.customer_id for one in held)])  # records shown as one are one
    known: dict[str, list[str]] = {CUSTOMER: [to_public(one) for one in together]} if CUSTOMER in keys else {}
    former: dict[str, list[str]] = {}
    for key, codes in attributes.items():
        for value, text in zip(held, texts, strict=True):
            if value.value.attribute not in codes or not text:
                continue
            if key == NAME and value.value.attribute in {_GIVEN, _FAMILY}:
                continue
            _put(known if value.current or key == NAME else former, key, _written(key, text))
    if NAME in keys:
        for name in _put_together(held, texts):
            _put(known, NAME, name)
    return Person(customer_id=customer_id, known=known, former=_without(former, known))


def _without(former: Mapping[str, Sequence[str]], known: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Those that are not the person's again."""
    gone = {key: [text for text in texts if text not in known.get(key, ())] for key, texts in former.items()}
    return {key: texts for key, texts in gone.items() if texts}


def _attributes(context: AccessContext, keys: frozenset[str]) -> Mapping[str, frozenset[str]]:
    """Key -> the attributes of the register that hold its values."""
    declared = catalog(context)
    found: dict[str, frozenset[str]] = {}
    for key in keys - {CUSTOMER}:
        kind = _BY_KIND.get(key)
        found[key] = frozenset(one.code for one in declared if (one.kind is kind if kind else one.code == key))
    return found


def _opened(context: AccessContext, customer_id: int, held: Sequence[Identifying]) -> list[str | None]:
    """All texts in their order, the sealed ones opened together."""
    boxes = [one.value.box for one in held if one.value.box is not None]
    if not boxes:
        return [one.value.open_text for one in held]
    opening = Opening(
        "outside.person",
        sorted({customer_id, *(box.customer_id for box in boxes)}),
        sorted({one.value.attribute for one in held if one.value.box is not None}),
        _REASON,
    )
    opened = iter(open_many(context, opening=opening, boxes=boxes))
    return [one.value.open_text if one.value.box is None else next(opened) for one in held]


def _put_together(held: Sequence[Identifying], texts: Sequence[str | None]) -> Iterable[str]:
    """Given and family name, where they are kept apart: either alone is half the country's."""
    parts = {
        code: [text for one, text in zip(held, texts, strict=True) if one.value.attribute == code and text]
        for code in (_GIVEN, _FAMILY)
    }
    return _pairs(parts)


def _pairs(parts: Mapping[str, Sequence[str]]) -> list[str]:
    return [f"{given} {family}" for given in parts[_GIVEN] for family in parts[_FAMILY]]


def _written(key: str, text: str) -> str:
    if key == EMAIL:
        return normal_value("email", text, country="") or text.strip()
    if key == PHONE:
        return normal_value("phone", text, country="") or text.strip()
    return text.strip()


def _put(into: dict[str, list[str]], key: str, text: str) -> None:
    held = into.setdefault(key, [])
    if text and text not in held:
        held.append(text)
