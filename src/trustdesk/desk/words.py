"""The register's codes in plain words."""

from django.utils.translation import gettext as _

from trustdesk.register.contracts import ConfirmedBy, CustomerKind


def kind_label(kind: CustomerKind) -> str:
    return {
        CustomerKind.PERSON: _("Person"),
        CustomerKind.COMPANY: _("Company"),
        CustomerKind.SOLE_TRADER: _("Sole trader"),
        CustomerKind.NAMED_EMPLOYEE: _("Contact at a company"),
    }[kind]


def kind_icon(kind: CustomerKind) -> str:
    return "building" if kind in {CustomerKind.COMPANY, CustomerKind.SOLE_TRADER} else "person"


def confirmed_by_choices() -> list[tuple[str, str]]:
    """By what an operator can have found a value true; feeds and deliveries say so themselves."""
    return [(ConfirmedBy.CUSTOMER.value, _("The customer said so")), (ConfirmedBy.DOCUMENT.value, _("A document"))]


def happening_label(kind: str) -> str:
    """What happened to a customer."""
    labels = {
        "created": _("Created"),
        "recorded": _("Recorded"),
        "corrected": _("Corrected"),
        "confirmed": _("Confirmed"),
        "ended": _("No longer so"),
        "taken_back": _("Change taken back"),
        "withdrawn": _("Removed by order of the source"),
        "noted": _("Note written"),
        "disclosed": _("Disclosed"),
        "restricted": _("Restricted"),
        "released": _("Restriction lifted"),
        "merged": _("Merged"),
        "unmerged": _("Merge undone"),
        "notice": _("Informed"),
        "communicated": _("Communicated with"),
    }
    return labels.get(kind, kind)
