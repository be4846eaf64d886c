"""The worker's share: the mailboxes every few minutes; every morning, what is due, late, or kept long enough."""

from datetime import UTC, datetime

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from trustdesk.kernel import clock
from trustdesk.rights.services import carrying, keeping, mailboxes

QUEUE = "rights"


@app.periodic(cron="7 4 * * *")
@app.task(name="rights.keep", queue=QUEUE, queueing_lock="rights.keep")
def keep(timestamp: int) -> int:
    """Remind of what is due, say what is late, delete what was kept long enough."""
    return keeping.sweep(now=datetime.fromtimestamp(timestamp, tz=UTC))


@app.periodic(cron="*/5 * * * *")
@app.task(name="rights.mail", queue=QUEUE, queueing_lock="rights.mail", lock="rights.mail")
def mail(timestamp: int) -> int:
    """Take what lies in the mailboxes."""
    return mailboxes.read_all(now=datetime.fromtimestamp(timestamp, tz=UTC))


@app.periodic(cron="*/5 * * * *")
@app.task(name="rights.follow", queue=QUEUE, queueing_lock="rights.follow", lock="rights.follow")
def follow(timestamp: int) -> int:
    """Bring requests where their plans and copies are."""
    return keeping.follow(now=datetime.fromtimestamp(timestamp, tz=UTC))


@app.periodic(cron="*/5 * * * *")
@app.task(name="rights.carry", queue=QUEUE, queueing_lock="rights.carry", lock=carrying.ALONE)
def carry(timestamp: int) -> int:
    """Carry corrections to the connected systems that have not taken them yet."""
    return carrying.carry_everywhere(now=datetime.fromtimestamp(timestamp, tz=UTC))


@app.task(name=carrying.ONE, queue=QUEUE, lock=carrying.ALONE, retry=RetryStrategy(max_attempts=10, wait=60))
def carry_one(*, controller_id: int, customer_id: int, value_id: int) -> bool:
    """The same for one value that was corrected outside a request."""
    return carrying.carry_one(controller_id, customer_id=customer_id, value_id=value_id, now=clock.now())


@app.task(name=carrying.NOW, queue=QUEUE, lock=carrying.ALONE)
def carry_now(*, controller_id: int) -> int:
    """The same for one company, as soon as something was corrected there."""
    return carrying.carry(controller_id, now=clock.now())
