"""The job that looks an address up. Its order carries identifiers only."""

from procrastinate.contrib.django import app

QUEUE = "identity"
TASK = "identity.look_up"


def wake(controller_id: int, link_id: int) -> None:
    app.configure_task(TASK, queue=QUEUE).defer(controller_id=controller_id, link_id=link_id)
