"""Codes of the log in plain words."""

from django.utils.translation import gettext as _

from trustdesk.kernel.context import AccessContext
from trustdesk.register import api as register


def labels(context: AccessContext) -> dict[str, str]:
    """What the attributes are called, for the fields an entry of the log names."""
    return {attribute.code: _(attribute.label) for attribute in register.catalog(context)}
