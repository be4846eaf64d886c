"""What the register needs to know of the controller it works for."""

from trustdesk.kernel.context import AccessContext
from trustdesk.mandates.api import controller


def country_of(context: AccessContext) -> str:
    """The country in which national phone numbers are read, ISO 3166-1 alpha-2."""
    return controller(context.controller_id).country
