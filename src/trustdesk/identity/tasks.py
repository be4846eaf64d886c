"""The worker's share: looking addresses up, telling those that were replaced, and forgetting."""

from datetime import datetime

from procrastinate.contrib.django import app

from trustdesk.identity.services import alerting, forgetting, forms, looking
from trustdesk.identity.services.waking import ALERT_TASK, FORM_TASK, QUEUE, TASK
from trustdesk.kernel import clock


@app.task(name=TASK, queue=QUEUE)
def look_up(*, controller_id: int, link_id: int) -> bool:
    """Look up whose address it is and send the link there; whether one was sent."""
    return looking.look_up(controller_id, link_id, now=clock.now())


@app.task(name=FORM_TASK, queue=QUEUE)
def look_up_form(*, controller_id: int, form_id: int) -> bool:
    """Look up whose address a form names and ask for the confirmation; whether it was asked for."""
    return forms.look_up_form(controller_id, form_id, now=clock.now())


@app.task(name=ALERT_TASK, queue=QUEUE)
def alert(*, controller_id: int, customer_id: int, value_id: int) -> bool:
    """Tell a contact point that it was replaced; whether it was told."""
    return alerting.alert(controller_id, customer_id, value_id, now=clock.now())


@app.periodic(cron="41 3 * * *")
@app.task(name="identity.forget", queue=QUEUE, queueing_lock="identity.forget")
def forget(timestamp: int) -> int:
    """Delete links and visits of the day before."""
    return forgetting.forget_old(now=datetime.fromtimestamp(timestamp, tz=clock.now().tzinfo))
