"""The jobs that look an address up and that tell one it was replaced. Their orders carry identifiers only."""

from collections.abc import Sequence
from typing import Any

from procrastinate.contrib.django import app

QUEUE = "identity"
TASK = "identity.look_up"
FORM_TASK = "identity.look_up_form"
ALERT_TASK = "identity.alert"


def wake(controller_id: int, link_id: int) -> None:
    app.configure_task(TASK, queue=QUEUE).defer(controller_id=controller_id, link_id=link_id)


def wake_form(controller_id: int, form_id: int) -> None:
    app.configure_task(FORM_TASK, queue=QUEUE).defer(controller_id=controller_id, form_id=form_id)


def wake_alerts(controller_id: int, values: Sequence[tuple[int, int]]) -> None:
    """One order a value, each with its customer; all in one statement."""
    orders: list[dict[str, Any]] = [
        {"controller_id": controller_id, "customer_id": customer_id, "value_id": value_id}
        for customer_id, value_id in values
    ]
    app.configure_task(ALERT_TASK, queue=QUEUE).batch_defer(*orders)
