"""The kinds of things the register knows, in the law's and the field's own words."""

from enum import StrEnum


class CustomerKind(StrEnum):
    PERSON = "person"
    COMPANY = "company"
    SOLE_TRADER = "sole_trader"
    NAMED_EMPLOYEE = "named_employee"  # a contact of a company: `employer_id` names the company's customer


class SourceKind(StrEnum):
    DIRECT = "direct"  # from the customer, GDPR Art. 13
    IMPORT = "import"  # the controller's own older system
    BOUGHT = "bought"
    FEED = "feed"
    OTHER = "other"


class ValueKind(StrEnum):
    """How a value is checked, normalised and made findable."""

    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    HANDLE = "handle"  # chat or social network
    PLACE = "place"  # town, municipality
    REGION = "region"
    BIRTH_DATE = "birth_date"
    DATE = "date"
    EXTERNAL_ID = "external_id"
    CODE = "code"
    TEXT = "text"


CONTACT_POINTS = frozenset({ValueKind.PHONE, ValueKind.EMAIL, ValueKind.ADDRESS, ValueKind.HANDLE})
WHEREABOUTS = CONTACT_POINTS | {ValueKind.PLACE}
"""By what somebody can be found or reached, the municipality too: what an order of non-disclosure covers."""


SHOWN = 20
"""So many customers a search shows where nobody asks for more. Each one shown is a person opened: who is not among the
first twenty is found by another word, not by reading on (GDPR Art. 5(1)(c)).
"""


class ConfirmedBy(StrEnum):
    """By what a value was found still true."""

    CUSTOMER = "customer"
    DOCUMENT = "document"
    FEED = "feed"
    DELIVERY = "delivery"  # a letter or message arrived
    OPERATOR = "operator"


class RestrictionGround(StrEnum):
    """GDPR Art. 18(1), and what is left after erasure because a law keeps it (Art. 17(3)(b))."""

    ACCURACY_CONTESTED = "a"
    UNLAWFUL_BUT_KEEP = "b"
    NEEDED_FOR_CLAIMS = "c"
    OBJECTION_PENDING = "d"
    KEPT_BY_LAW = "law"


class NoticeKind(StrEnum):
    ART13 = "art13"
    ART14 = "art14"
