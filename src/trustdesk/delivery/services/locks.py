"""The lock of a lane."""

from contextlib import AbstractContextManager

from trustdesk.isolation.api import held_alone


def lane_held(controller_id: int, channel: str) -> AbstractContextManager[bool]:
    """Work one lane alone; False where somebody else does."""
    return held_alone(f"delivery.lane|{controller_id}|{channel}")
