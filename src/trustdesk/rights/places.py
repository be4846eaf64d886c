"""Where sealed values stand: part of what a seal binds, so a box moved elsewhere does not open."""

from trustdesk.vault.api import Place

PROOF = "proof"
"""The class under which requests are sealed, each under a key of its own: destroyed when the file is kept no longer."""


def request_place(request_id: int) -> Place:
    return Place("rights_request", "sealed", row=request_id)


def event_place(event_id: int) -> Place:
    return Place("rights_event", "sealed", row=event_id)
