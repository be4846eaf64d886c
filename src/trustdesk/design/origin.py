"""Where values come from, in words."""

from django.utils.translation import gettext as _

from trustdesk.register.contracts import SourceKind


def origin_label(kind: SourceKind, name: str) -> str:
    """Where a value came from, as one says it."""
    if kind is SourceKind.DIRECT:
        return _("from the customer")
    sentences = {
        SourceKind.IMPORT: _("from the list “%(name)s”"),
        SourceKind.BOUGHT: _("from the bought list “%(name)s”"),
        SourceKind.FEED: _("from the update service “%(name)s”"),
        SourceKind.OTHER: _("from “%(name)s”"),
    }
    return sentences[kind] % {"name": name}
