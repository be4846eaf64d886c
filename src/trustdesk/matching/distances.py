"""Which level two identities reach in each comparison, once they are opened: spellings and dates side by side."""

from collections.abc import Mapping, Sequence

from rapidfuzz.distance import OSA, JaroWinkler

from trustdesk.matching.contracts import Address, Identity
from trustdesk.matching.model import MISSING
from trustdesk.matching.sounds import sound

_LIKE = 0.93
_SHORT = 4
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


def levels(asked: Identity, held: Identity) -> Mapping[str, str]:
    """The level of each comparison, by the codes of `Model.opened`."""
    family, given = _family(asked.family, held.family), given_level(asked.given, held.given)
    if "other" in (family, given) and _swapped(asked, held):
        family, given = "swapped", MISSING
    return {
        "family": family,
        "given": given,
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
    if level == "other" and not _parts(asked).isdisjoint(_parts(held)):
        return "part"
    return level


def _parts(names: Sequence[str]) -> set[str]:
    """Of `kovacs-nagy` both names, but no particle."""
    return {part for name in names for part in name.replace("-", " ").split() if len(part) >= _SHORT}


def given_level(asked: Sequence[str], held: Sequence[str]) -> str:
    """`Jánosné` is her husband's name: it says nothing of hers."""
    ours, theirs = ([name for name in names if not _husbands(name)] for names in (asked, held))
    if ours and theirs and 1 in (len(ours[0]), len(theirs[0])):
        return "initial" if ours[0][0] == theirs[0][0] else "other"
    return _name(ours, theirs)


def _husbands(name: str) -> bool:
    return name.endswith("ne") and name[:-2] in _HUSBANDS


def _name(asked: Sequence[str], held: Sequence[str]) -> str:
    level = _same(asked, held)
    if level != "other":
        return level
    pairs = [(ours, theirs) for ours in asked for theirs in held]
    if any(len(ours) > 1 and sound(ours) == sound(theirs) != "" for ours, theirs in pairs):
        return "sounds"
    return "typo" if any(_alike(ours, theirs) for ours, theirs in pairs) else "other"


def _alike(ours: str, theirs: str) -> bool:
    if min(len(ours), len(theirs)) < _SHORT:
        return False
    return OSA.distance(ours, theirs, score_cutoff=1) <= 1 or JaroWinkler.similarity(ours, theirs) >= _LIKE


def _swapped(asked: Identity, held: Identity) -> bool:
    """Family and given name in each other's place, as where one does not know which stands first."""
    return not set(asked.family).isdisjoint(held.given) and not set(asked.given).isdisjoint(held.family)


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


_ADDRESS = ("same", "flat", "house", "typo", "postcode", "town", "other", MISSING)


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
    if (postcode or town) and house and _alike(street, other):
        return "typo"
    if postcode or town:
        return "postcode" if postcode else "town"
    known = (ours.postcode and theirs.postcode) or (ours.town and theirs.town) or (ours.house and theirs.house)
    return "other" if known else MISSING


def _phone(asked: Identity, held: Identity) -> str:
    if not asked.phones and not asked.shared_phones:
        return MISSING
    ours, theirs = ({*one.phones, *one.shared_phones} for one in (asked, held))
    both = ours & theirs
    if not both:
        return "other" if theirs else MISSING
    return "same" if both - set(asked.shared_phones) - set(held.shared_phones) else "shared"
