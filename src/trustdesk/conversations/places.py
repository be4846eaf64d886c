"""Where sealed values stand: part of what a seal binds, so a box moved elsewhere does not open."""

from trustdesk.vault.api import Place

SERVICE = "service"
COMPLAINT = "statutory:complaint"
"""The class of complaint files: a law keeps them when everything else of the person is gone."""


def party(row_id: int) -> Place:
    return Place("conversations_party", "sealed", row=row_id)


def note(row_id: int) -> Place:
    return Place("conversations_note", "sealed", row=row_id)


def follow_up(row_id: int) -> Place:
    return Place("conversations_followup", "sealed", row=row_id)


def minutes(row_id: int) -> Place:
    return Place("conversations_complaint", "minutes", row=row_id)


def reply(row_id: int) -> Place:
    return Place("conversations_complaint", "reply", row=row_id)
