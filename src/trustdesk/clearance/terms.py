"""Terms of the Data Privacy Vocabulary 2.3 that purposes, legal bases, safeguards and categories may use."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

from trustdesk.kernel.errors import BadInputError

NAMESPACES = {
    "dpv": "https://w3id.org/dpv#",
    "pd": "https://w3id.org/dpv/pd#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "loc": "https://w3id.org/dpv/loc#",
}
EVERY_CATEGORY = "dpv:PersonalData"
_FILE = Path(__file__).with_name("dpv-2.3.json")


@cache
def known(kind: str) -> frozenset[str]:
    """The short forms of all terms of a kind: purposes, legal_bases, safeguards, categories."""
    return frozenset(json.loads(_FILE.read_text(encoding="utf-8"))[kind])


def terms(kind: str) -> Sequence[str]:
    """The same in the order of the alphabet, for whoever has to choose one."""
    return sorted(known(kind))


def short(term: str) -> str:
    """`dpv:Marketing` for the term's whole IRI; the short form and anything else as it is."""
    for prefix, namespace in NAMESPACES.items():
        if term.startswith(namespace):
            return f"{prefix}:{term.removeprefix(namespace)}"
    return term


def checked(kind: str, term: str, *, place: str) -> str:
    """The term's short form. BadInputError where the vocabulary has none of this kind by this name."""
    found = short(term.strip())
    if found not in known(kind):
        raise BadInputError(
            _("The Data Privacy Vocabulary 2.3 has no such term."),
            place=place,
            mend=_("Take one from https://w3id.org/dpv/2.3, as in %(example)s.") % {"example": _EXAMPLES[kind]},
        )
    return found


_EXAMPLES = {
    "purposes": "dpv:DirectMarketing",
    "legal_bases": "eu-gdpr:A6-1-a",
    "safeguards": "eu-gdpr:A46-2-c",
    "categories": "pd:EmailAddress",
}
