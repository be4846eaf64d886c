"""From values as somebody wrote them to what they are compared by. Pure; nothing is stored."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from trustdesk.matching import addresses, dates, nationalids, numbers
from trustdesk.matching.contracts import Address, Identity, Said
from trustdesk.matching.names import family_name, full_name, generation, given_name, without

MOST_VALUES = 64
"""Values of one person that are read: nobody has more phones than that, and a feed's nonsense costs no more."""
LONGEST = 300
"""Letters of one value that are read, and that a cache can hold of it."""

_FAMILY, _GIVEN, _NAME = "family_name", "given_name", "name"
_POSTCODE = frozenset({"postcode", "postal_code", "zip"})


def identity(said: Iterable[Said], *, country: str) -> Identity:
    """See `matching.api.identity`."""
    by_kind: dict[str, list[Said]] = {}
    for value in islice(said, MOST_VALUES):
        if value.text:
            cut = value if len(value.text) <= LONGEST else value._replace(text=value.text[:LONGEST])
            by_kind.setdefault(value.kind, []).append(cut)
    family, given = _names(by_kind.get("name", ()), country)
    national, born, other = _numbers(by_kind.get("external_id", ()), country)
    phones, shared = _phones(by_kind.get("phone", ()), country)
    return Identity(
        family=family,
        given=given,
        generation=generation(value.text for value in by_kind.get("name", ())),
        birth_date=_birth_date(by_kind.get("birth_date", ()), country) or born,
        national_id=national,
        numbers=other,
        phones=phones,
        shared_phones=shared,
        emails=_once(numbers.email(value.text) for value in by_kind.get("email", ())),
        addresses=_addresses(by_kind, country),
    )


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def _names(values: Sequence[Said], country: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Parts that are said apart count before a name in one: how that is to be split is the country's custom only."""
    parts: Mapping[str, list[str]] = {_FAMILY: [], _GIVEN: [], _NAME: []}
    for value in values:
        if value.attribute in parts:
            parts[value.attribute].append(value.text)
    family = _once(form for text in parts[_FAMILY] for form in family_name(text, country))
    given = _once(form for text in parts[_GIVEN] for form in given_name(text, country))
    if family and given:
        return family, given
    for text in parts[_NAME]:
        found = full_name(text, country)
        if family:
            given = _once([*given, *without(given_name(text, country), family)])
        elif given:
            family = _once([*family, *without(given_name(text, country), given)])
        else:
            family, given = found.family, found.given
            continue
    return family, given


def _numbers(values: Sequence[Said], country: str) -> tuple[str, str, tuple[str, ...]]:
    national = nationalids.NOBODY
    other: dict[str, None] = {}
    for value in values:
        if value.attribute in nationalids.ATTRIBUTES:
            national = national if national.number else nationalids.national_id(value.text, country)
        elif number := numbers.other_number(value.text):
            other[number] = None
    return national.number, national.birth_date, tuple(other)


def _birth_date(values: Sequence[Said], country: str) -> str:
    for value in values:
        if day := dates.birth_date(value.text, country):
            return day
    return ""


def _phones(values: Sequence[Said], country: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    phones: dict[str, None] = {}
    shared: dict[str, None] = {}
    for value in values:
        if number := numbers.phone(value.text, country):
            phones[number] = None
            if value.shared:
                shared[number] = None
    return tuple(phones), tuple(shared)


def _addresses(by_kind: Mapping[str, Sequence[Said]], country: str) -> tuple[Address, ...]:
    """Each address once; a town or postcode said beside it completes the only address, or is one itself."""
    towns: list[str] = []
    codes: list[str] = []
    for value in by_kind.get("place", ()):
        (codes if value.attribute in _POSTCODE else towns).append(value.text)
    town = addresses.town(towns[0]) if towns else ""
    code = addresses.postcode(codes[0], country) if codes else ""
    texts = [value.text for value in by_kind.get("address", ())]
    beside = len(texts) == 1
    found = [
        addresses.address(text, country, town_said=town if beside else "", postcode_said=code if beside else "")
        for text in texts
    ]
    if not beside and (town or code) and not any(one.town == town or one.postcode == code for one in found):
        found.append(Address(postcode=code, town=town, country=country))
    return tuple(dict.fromkeys(one for one in found if one.street or one.postcode or one.town))
