"""Announcements hold nothing of a customer: what a company says to every caller, and who of the staff saved it."""

from trustdesk.kernel.registries import PrivacyDeclaration

DECLARATION = PrivacyDeclaration(
    capability="announcements",
    fields=(),
    not_personal={"announcements_announcement.*": "what a company says to every caller, and numbers of ours"},
    export=None,
    erase=None,
)
