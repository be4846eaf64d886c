"""Where sealed values stand: part of what a seal binds, so a box moved elsewhere does not open."""

from trustdesk.vault.api import Place

SERVICE = "service"
COMPLAINT = "statutory:complaint"
"""The class of complaint files: a law keeps them when everything else of the person is gone."""


def party_place(row_id: int) -> Place:
    return Place("conversations_party", "sealed", row=row_id)


def note_place(row_id: int) -> Place:
    return Place("conversations_note", "sealed", row=row_id)


def follow_up_place(row_id: int) -> Place:
    return Place("conversations_followup", "sealed", row=row_id)


def minutes_place(row_id: int) -> Place:
    return Place("conversations_complaint", "minutes", row=row_id)


def reply_place(row_id: int) -> Place:
    return Place("conversations_complaint", "reply", row=row_id)
