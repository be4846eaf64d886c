"""Legal bases in a word; the term of the Data Privacy Vocabulary stands beside it."""

from django.utils.translation import gettext as _


def basis_label(iri: str) -> str:
    """GDPR Art. 6(1) in a word."""
    labels = {
        "eu-gdpr:A6-1-a": _("Consent"),
        "eu-gdpr:A6-1-b": _("Contract"),
        "eu-gdpr:A6-1-c": _("Legal duty"),
        "eu-gdpr:A6-1-d": _("Vital interests"),
        "eu-gdpr:A6-1-e": _("Public task"),
        "eu-gdpr:A6-1-f": _("Legitimate interests"),
    }
    return labels.get(iri, iri)
