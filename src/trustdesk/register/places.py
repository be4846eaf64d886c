"""Where sealed values stand: part of what a seal binds, so a box moved elsewhere does not open."""

from trustdesk.vault.api import Place

SERVICE = "service"  # the retention class of headlines and notes
HEADLINE = Place("register_customer", "headline")


def value_place(value_id: int) -> Place:
    return Place("register_value", "sealed", row=value_id)


def note_place(note_id: int) -> Place:
    return Place("register_note", "sealed", row=note_id)
