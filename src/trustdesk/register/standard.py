"""The attributes every controller starts with. More are declared by the controller; none exists undeclared.

Terms of the Data Privacy Vocabulary 2.3: categories from `pd:`, purposes from `dpv:`, legal bases from `eu-gdpr:`.
"""

from collections.abc import Sequence

from django.utils.translation import gettext_noop

from trustdesk.register.contracts import Attribute, ValueKind

_CONTRACT = "eu-gdpr:A6-1-b"
_CARE = ("dpv:CustomerCare", "dpv:CustomerRelationshipManagement")
_CONTACT = ("dpv:CommunicationForCustomerCare", "dpv:CustomerRelationshipManagement")


def _declare(code: str, label: str, kind: ValueKind, category: str, **rest: object) -> Attribute:
    fields: dict[str, object] = {"purposes": _CARE, "legal_basis": _CONTRACT, **rest}
    return Attribute(code=code, label=label, kind=kind, category=category, **fields)  # type: ignore[arg-type]


STANDARD: Sequence[Attribute] = (
    _declare("name", gettext_noop("Name"), ValueKind.NAME, "pd:Name", fresh_days=3650),
    _declare("given_name", gettext_noop("Given name"), ValueKind.NAME, "pd:GivenName", fresh_days=3650),
    _declare("family_name", gettext_noop("Family name"), ValueKind.NAME, "pd:FamilyName", fresh_days=3650),
    _declare("company_name", gettext_noop("Company name"), ValueKind.NAME, "pd:Name", fresh_days=3650),
    _declare("phone", gettext_noop("Phone"), ValueKind.PHONE, "pd:TelephoneNumber", many=True, purposes=_CONTACT),
    _declare("email", gettext_noop("E-mail"), ValueKind.EMAIL, "pd:EmailAddress", many=True, purposes=_CONTACT),
    _declare(
        "address",
        gettext_noop("Postal address"),
        ValueKind.ADDRESS,
        "pd:PhysicalAddress",
        many=True,
        purposes=_CONTACT,
    ),
    _declare(
        "handle",
        gettext_noop("Chat or social handle"),
        ValueKind.HANDLE,
        "pd:SocialMediaCommunication",
        many=True,
        purposes=_CONTACT,
    ),
    _declare("birth_date", gettext_noop("Birth date"), ValueKind.BIRTH_DATE, "pd:BirthDate", fresh_days=36500),
    _declare("town", gettext_noop("Town of residence"), ValueKind.PLACE, "pd:PhysicalAddress"),
    _declare("region", gettext_noop("Region"), ValueKind.REGION, "pd:Location", sealed=False),
    _declare(
        "customer_number",
        gettext_noop("Customer number"),
        ValueKind.EXTERNAL_ID,
        "pd:UID",
        many=True,
        fresh_days=36500,
    ),
    _declare("remark", gettext_noop("Remark"), ValueKind.TEXT, "pd:CommunicationsMetadata", many=True),
)
