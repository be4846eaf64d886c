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


def role_label(role: str) -> str:
    labels = {
        "agent": _("Agent"),
        "supervisor": _("Supervisor"),
        "officer": _("Data protection officer"),
        "administrator": _("Administrator"),
        "client": _("Client company's reader"),
    }
    return labels.get(role, role)
