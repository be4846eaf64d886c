"""The job that looks an address up. Its order carries identifiers only."""

from procrastinate.contrib.django import app

QUEUE = "identity"
TASK = "identity.look_up"
FORM_TASK = "identity.look_up_form"


def wake(controller_id: int, link_id: int) -> None:
    app.configure_task(TASK, queue=QUEUE).defer(controller_id=controller_id, link_id=link_id)


def wake_form(controller_id: int, form_id: int) -> None:
    app.configure_task(FORM_TASK, queue=QUEUE).defer(controller_id=controller_id, form_id=form_id)
