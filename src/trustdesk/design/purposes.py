"""The purposes in plain words; the legal term stands beside them, one click away."""

from django.utils.translation import gettext as _

from trustdesk.mandates.contracts import PURPOSES


def purpose_label(purpose: str) -> str:
    """What the operator is here to do."""
    labels = {
        "service": _("Answering customers"),
        "orders": _("Handling orders"),
        "claims": _("Handling claims"),
        "records": _("Keeping the records right"),
        "marketing": _("Direct marketing"),
        "compliance": _("Legal duties and proof"),
        "administration": _("Administration"),
    }
    return labels.get(purpose, purpose)


def purpose_term(purpose: str) -> str:
    """The term in the Data Privacy Vocabulary."""
    return PURPOSES.get(purpose, "")


def term_label(term: str) -> str:
    """What data are held for, by its term in the Data Privacy Vocabulary; one without words is shown as it is."""
    own = {of_mandates: purpose_label(purpose) for purpose, of_mandates in PURPOSES.items()}
    more = {
        "dpv:CommunicationForCustomerCare": _("Reaching customers about their matters"),
        "dpv:CustomerRelationshipManagement": _("Looking after contracts and orders"),
        "dpv:FraudPreventionAndDetection": _("Preventing fraud"),
        "dpv:Marketing": _("Marketing"),
        "dpv:PaymentManagement": _("Settling payments"),
        "dpv:RightsFulfilment": _("Serving people's rights"),
        "dpv:ServiceProvision": _("Providing what was ordered"),
    }
    return (own | more).get(term, term)


def role_label(role: str) -> str:
    labels = {
        "agent": _("Agent"),
        "supervisor": _("Supervisor"),
        "officer": _("Data protection officer"),
        "administrator": _("Administrator"),
        "client": _("Client company's reader"),
    }
    return labels.get(role, role)
