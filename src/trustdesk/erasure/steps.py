"""The registry of steps: what every erasure does, in the order of the steps' places."""

from trustdesk.erasure.contracts import Step
from trustdesk.kernel.registries import Registry

steps: Registry[Step] = Registry("step of an erasure")
"""Registered in `ready` of whoever brings a step, by its name."""


def in_order() -> list[Step]:
    """All of them, as they are done."""
    return sorted((step for _name, step in steps), key=lambda step: (step.order, step.name))
