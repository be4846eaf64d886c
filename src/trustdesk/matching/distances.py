"""Which level two identities reach in each comparison, once they are opened: spellings and dates side by side."""

from collections.abc import Mapping, Sequence

from rapidfuzz.distance import OSA, JaroWinkler

from trustdesk.matching.contracts import Address, Identity
from trustdesk.matching.model import MISSING
from trustdesk.matching.sounds import sound

_TYPO, _LIKE, _HEARD, _STREET = 0.93, 0.82, 0.75, 0.9  # similarities by Jaro and Winkler
_SHORT = 4
_SHORTEST = 3  # letters of a name that stands for a longer one: Ben, Max
_DATE = len("2026-11-26")
_HUSBANDS = frozenset(
    {
        "andras",
        "antal",
        "arpad",
        "attila",
        "balazs",
        "bela",
        "csaba",
        "denes",
        "endre",
        "ferenc",
        "gabor",
        "geza",
        "gyorgy",
        "gyula",
        "imre",
        "istvan",
        "janos",
        "jeno",
        "jozsef",
        "kalman",
        "karoly",
        "lajos",
        "laszlo",
        "mihaly",
        "miklos",
        "otto",
        "pal",
        "peter",
        "sandor",
        "tamas",
        "tibor",
        "vilmos",
        "zoltan",
        "zsolt",
    }
)


_AGAINST = frozenset({"like", "other"})
_CLOSE = frozenset({"same", "sounds", "typo"})
_SPELLINGS = ("sounds", "typo", "like", "other")


def levels(asked: Identity, held: Identity) -> Mapping[str, str]:
    """The level of each comparison, by the codes of `Model.opened`."""
    family, given = _family(asked.family, held.family), given_level(asked.given, held.given)
    if _AGAINST & {family, given} and _swapped(asked, held):
        family, given = "swapped", MISSING
    return {
        "family": family,
        "given": given,
        "second_given": _second(asked.given, held.given),
        "birth_date": _birth(asked.birth_date, held.birth_date),
        "address": _address(asked.addresses, held.addresses),
        "phone": _phone(asked, held),
        "email": _same(asked.emails, held.emails),
        "number": "same" if not set(asked.numbers).isdisjoint(held.numbers) else MISSING,
        "national_id": _same(*([one.national_id] if one.national_id else [] for one in (asked, held))),
    }


def _same(asked: Sequence[str], held: Sequence[str]) -> str:
    if not asked or not held:
        return MISSING
    return "other" if set(asked).isdisjoint(held) else "same"


def _family(asked: Sequence[str], held: Sequence[str]) -> str:
    level = _name(asked, held)
    if level in _AGAINST and not _parts(asked).isdisjoint(_parts(held)):
        return "part"
    return level


def _parts(names: Sequence[str]) -> set[str]:
    """Of `kovacs-nagy` both names, but no particle."""
    return {part for name in names for part in name.replace("-", " ").split() if len(part) >= _SHORT}


def given_level(asked: Sequence[str], held: Sequence[str]) -> str:
    """`Jánosné` is her husband's name: it says nothing of hers. A letter may stand for any of the given names."""
    ours, theirs = ([name for name in names if not _husbands(name)] for names in (asked, held))
    if ours and theirs and 1 in (len(ours[0]), len(theirs[0])):
        pairs = [(ours[0], name) for name in theirs] + [(name, theirs[0]) for name in ours]
        return "initial" if any(_initial(*pair) for pair in pairs) else "other"
    return _name(_written_out(ours), _written_out(theirs), first=True)


def _initial(one: str, other: str) -> bool:
    return 1 in (len(one), len(other)) and one[0] == other[0]


def _written_out(names: Sequence[str]) -> list[str]:
    """Many share the letter of a second given name: it makes nobody the same."""
    return [name for name in names if len(name) > 1]


def _second(asked: Sequence[str], held: Sequence[str]) -> str:
    """Given names after the first, or their letters. Who goes by the second has them in another order."""
    ours, theirs = asked[1:], held[1:]
    if not ours or not theirs or asked[0] in theirs or held[0] in ours:
        return MISSING
    if not set(_written_out(ours)).isdisjoint(_written_out(theirs)):
        return "same"
    return "initial" if any(a[0] == b[0] for a in ours for b in theirs if 1 in (len(a), len(b))) else "other"


def _husbands(name: str) -> bool:
    return name.endswith("ne") and name[:-2] in _HUSBANDS


def _name(asked: Sequence[str], held: Sequence[str], *, first: bool = False) -> str:
    """The best of all pairs; of those alone that have the `first` of one side, where others have names in common."""
    if not asked or not held:
        return MISSING
    pairs = [(a, b) for i, a in enumerate(asked) for j, b in enumerate(held) if not first or 0 in (i, j)]
    if any(ours == theirs for ours, theirs in pairs):
        return "same"
    return min((_spelling(ours, theirs) for ours, theirs in pairs), key=_SPELLINGS.index, default="other")


def _spelling(ours: str, theirs: str) -> str:
    """Sounds alone are not enough: Keith and Cody have them in common. Whatever is one slip apart is this similar."""
    similar = JaroWinkler.similarity(ours, theirs)
    shorter = min(len(ours), len(theirs))
    if similar >= _HEARD:
        if shorter > 1 and sound(ours) == sound(theirs) != "":
            return "sounds"
        if shorter >= _SHORT and (similar >= _TYPO or OSA.distance(ours, theirs, score_cutoff=1) <= 1):
            return "typo"
    begins = ours.startswith(theirs) or theirs.startswith(ours)
    return "like" if shorter >= _SHORTEST and (begins or similar >= _LIKE) else "other"


def _swapped(asked: Identity, held: Identity) -> bool:
    """Names in each other's place, as where one does not know which stands first, perhaps misspelled besides."""
    return (
        _name(asked.family, _written_out(held.given)) in _CLOSE
        and _name(_written_out(asked.given), held.family) in _CLOSE
    )


def _birth(asked: str, held: str) -> str:
    if len(asked) != _DATE or len(held) != _DATE:
        return MISSING
    if asked == held:
        return "same"
    swapped = asked[:5] + asked[8:] + "-" + asked[5:7]
    if held == swapped or OSA.distance(asked.replace("-", ""), held.replace("-", ""), score_cutoff=1) <= 1:
        return "typo"
    parts = sum((asked[:4] == held[:4], asked[5:7] == held[5:7], asked[8:] == held[8:]))
    return "near" if parts == 2 or sorted(asked) == sorted(held) else "other"


_ADDRESS = ("same", "flat", "house", "typo", "street", "area", "postcode", "town", "other", MISSING)


def _address(asked: Sequence[Address], held: Sequence[Address]) -> str:
    """The best of all pairs: a change may say where somebody lives or lived."""
    best = len(_ADDRESS) - 1
    for ours in asked:
        for theirs in held:
            best = min(best, _ADDRESS.index(_addresses(ours, theirs)))
    return _ADDRESS[best]


def _addresses(ours: Address, theirs: Address) -> str:
    if ours.country != theirs.country:
        return "other"
    street, other = ours.street or ours.town, theirs.street or theirs.town
    house = bool(ours.house) and ours.house == theirs.house
    postcode = bool(ours.postcode) and ours.postcode == theirs.postcode
    town = bool(ours.town) and ours.town == theirs.town
    if house and street and street == other:
        if postcode:
            return "flat" if ours.flat and theirs.flat and ours.flat != theirs.flat else "same"
        return "house"
    if postcode or town:
        return _nearby(ours, theirs, house=house) or ("postcode" if postcode else "town")
    known = (ours.postcode and theirs.postcode) or (ours.town and theirs.town) or (ours.house and theirs.house)
    return "other" if known else MISSING


def _nearby(ours: Address, theirs: Address, *, house: bool) -> str:
    """What two addresses of one postcode or town have in common: a box or a village's name stands beside no street."""
    if not ours.street or not theirs.street:
        alone = house or not (ours.house and theirs.house)
        return "area" if alone else ""
    if ours.street == theirs.street:
        return "street"
    return "typo" if house and JaroWinkler.similarity(ours.street, theirs.street) >= _STREET else ""


def _phone(asked: Identity, held: Identity) -> str:
    if not asked.phones and not asked.shared_phones:
        return MISSING
    ours, theirs = ({*one.phones, *one.shared_phones} for one in (asked, held))
    both = ours & theirs
    if not both:
        return "other" if theirs else MISSING
    return "same" if both - set(asked.shared_phones) - set(held.shared_phones) else "shared"
