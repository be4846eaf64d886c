"""Frozen values of matching: what somebody is known by, who it might be, and what speaks for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Said(NamedTuple):
    """One value as somebody wrote it, under the code of a declared attribute (`family_name`, `phone`, `address`).

    `kind` is that of the attribute: `name`, `phone`, `email`, `address`, `place`, `birth_date`, `external_id`.
    `shared`: a line that is known to be several people's.
    """

    attribute: str
    kind: str
    text: str
    shared: bool = False

    def __repr__(self) -> str:
        return f"Said({self.attribute!r}, {self.kind!r}, shared={self.shared!r})"


class Address(NamedTuple):
    """An address made comparable: folded, the street in one spelling, the house number apart. Empty: not known."""

    street: str = ""
    house: str = ""
    flat: str = ""
    postcode: str = ""
    town: str = ""
    country: str = ""  # ISO 3166-1 alpha-2

    def __repr__(self) -> str:
        return f"Address(country={self.country!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a person is known by, normalised for comparing and for nothing else: never stored or shown.

    Names are folded; of several the one used now comes first. `generation` is `younger` or `elder` where two of a home
    bear one name and this one is told apart by it (ifj., Jr.; id., Sr.). `birth_date` is ISO 8601. `numbers` are other
    systems' own numbers of the person. `shared_phones` are those of `phones` that are several people's.
    """

    family: Sequence[str] = field(default=(), repr=False)
    given: Sequence[str] = field(default=(), repr=False)
    generation: str = field(default="", repr=False)
    birth_date: str = field(default="", repr=False)
    national_id: str = field(default="", repr=False)
    numbers: Sequence[str] = field(default=(), repr=False)
    phones: Sequence[str] = field(default=(), repr=False)
    shared_phones: Sequence[str] = field(default=(), repr=False)
    emails: Sequence[str] = field(default=(), repr=False)
    addresses: Sequence[Address] = field(default=(), repr=False)


class Evidence(NamedTuple):
    """What one comparison says: which level two records reached, and its weight in bits (log2 of m over u).

    `about` is `family`, `given`, `second_given`, `birth_date`, `address`, `phone`, `email`, `number` or `national_id`;
    `level` a code of the model's levels (`same`, `sounds`, `typo`, `like`, `swapped`, `other`, `missing`, …). Nothing
    of a person.
    """

    about: str
    level: str
    weight: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody it might be; `probability` is the share among all candidates and nobody."""

    customer_id: int
    probability: float
    weight: float
    evidence: Sequence[Evidence] = ()
    household: bool = False  # more like another person of the same home than like this one


@dataclass(frozen=True, slots=True)
class Ranking:
    """The candidates, likeliest first, and the probability that it is none of the register's customers.

    `among` is how many the register has; `lines` how many of them have each of the phone numbers asked for that are not
    known as shared, in their order, as far as it was counted.
    """

    candidates: Sequence[Candidate]
    nobody: float
    among: int = 0
    lines: Sequence[int] = ()


class Outcome(StrEnum):
    UPDATE = "update"
    REVIEW = "review"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is to be done. `second` names the second identifier without which nothing is updated by itself:
    `birth_date`, `national_id`, `number` or `phone`; empty where there is none. `why` is a code for pages: `nobody`,
    `near` (another is nearly as likely), `contradiction` (an id of one person, all else of another), `given` (another
    given name), `generation` (father and son of one name), `household`, `birth_date`, `second` (no second identifier),
    `unopened`, `unsure`; empty for an update.
    """

    outcome: Outcome
    ranking: Ranking
    second: str = ""
    why: str = ""

    @property
    def best(self) -> Candidate | None:
        return self.ranking.candidates[0] if self.ranking.candidates else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """From which probability on something is updated by itself, and from which somebody looks at it."""

    update: float = 0.999
    review: float = 0.2


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records and how likely they are one person: what the batch engines give."""

    left: int
    right: int
    probability: float
    levels: Mapping[str, str]
