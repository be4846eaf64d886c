"""Legal bases in a word, the term of the Data Privacy Vocabulary beside it; and sources of law as they are cited."""

import re

from django.utils.translation import gettext as _

_GDPR = re.compile(r"eu-gdpr:A(\d+)-(\d+)-([a-z])")
OWN_RULE = "product default"
"""As the rule packs cite what no law says, and trustdesk asks for all the same."""


def cited(text: str) -> str:
    """A source of law as it is cited. What is trustdesk's own rule says that it is none: nobody takes it for a law."""
    return _("trustdesk's own default, not a statute") if text == OWN_RULE else text


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


def article(iri: str) -> str:
    """A legal basis as lawyers cite it; one that is not of the GDPR as it is."""
    found = _GDPR.fullmatch(iri)
    if found is None:
        return iri
    number, paragraph, letter = found.groups()
    cited_as = _("GDPR Art. %(article)s(%(paragraph)s)(%(letter)s)")
    return cited_as % {"article": number, "paragraph": paragraph, "letter": letter}
