"""The lock of a connected system: one try at a time, so that two do not rewrite the same file."""

from contextlib import AbstractContextManager

from trustdesk.isolation.api import held_alone


def system_held(controller_id: int, connector_id: int) -> AbstractContextManager[bool]:
    """Work with this system alone; False where somebody else does."""
    return held_alone(f"outside.connector|{controller_id}|{connector_id}")
