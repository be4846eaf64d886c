"""The frozen values that leave this room, and the purposes there are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

EVERY_CATEGORY = "dpv:PersonalData"  # the root of DPV's data categories: a mandate that names it covers all of them

PURPOSES: Mapping[str, str] = {
    "service": "dpv:CustomerCare",
    "orders": "dpv:CustomerOrderManagement",
    "claims": "dpv:CustomerClaimsManagement",
    "records": "dpv:RecordManagement",
    "marketing": "dpv:DirectMarketing",
    "compliance": "dpv:LegalCompliance",
    "administration": "dpv:OrganisationGovernance",
}
"""Purpose -> its term in the Data Privacy Vocabulary 2.3."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControllerView:
    """A client company: `country` is ISO 3166-1 alpha-2, `languages` are locale codes, `time_zone` an IANA name."""

    id: int
    name: str
    country: str
    languages: tuple[str, ...]
    time_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessorView:
    """A company that answers on behalf of others (GDPR Art. 28): `country` is ISO 3166-1 alpha-2."""

    id: int
    name: str
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What an operator may choose: one company under one mandate, for one of the purposes."""

    controller: ControllerView
    mandate_id: int
    processor_name: str | None
    role: str
    purposes: tuple[str, ...]
    operations: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateView:
    """A mandate (GDPR Art. 28(3)). Without a processor it is the controller's own staff."""

    id: int
    processor_id: int | None
    processor_name: str | None
    purposes: tuple[str, ...]
    categories: frozenset[str]
    operations: frozenset[str]
    starts_at: datetime
    ends_at: datetime | None
    ended_reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatView:
    """One operator's place under one mandate."""

    id: int
    mandate_id: int
    operator_id: int
    role: str
    purposes: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenView:
    """A token of another system, without its secret."""

    id: int
    mandate_id: int
    name: str
    operations: frozenset[str]
    purposes: tuple[str, ...]
    responsible_operator_id: int
    starts_at: datetime
    ends_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """A fresh token. The secret is shown once; the table holds its digest."""

    id: int
    ends_at: datetime
    secret: str = field(repr=False)
