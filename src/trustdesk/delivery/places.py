"""Where sealed values stand: part of what a seal binds, so a box moved elsewhere does not open."""

from trustdesk.vault.api import Place

SERVICE = "service"  # the retention class of what a message says: forgotten with the customer


def message_place(message_id: int) -> Place:
    return Place("delivery_message", "sealed", row=message_id)


def secret_label(controller_id: int, endpoint_id: int) -> str:
    """What binds an endpoint's secret under the root key."""
    return f"delivery.endpoint|{controller_id}|{endpoint_id}"
