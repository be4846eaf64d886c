"""Work of the register that nobody waits for. A job carries the company's number only and makes its own context."""

from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.mandates.api import system_context
from trustdesk.register.selectors.editions import tokens_to_renew
from trustdesk.register.services.counting import count_everywhere
from trustdesk.register.services.renewing import renew_tokens

QUEUE = "register"
CHUNK = 1_000  # customers: a second, for which whoever changes one of them waits
_PASSED_OVER_SECONDS = 10


@app.task(name="register.renew_tokens", queue=QUEUE, retry=RetryStrategy(max_attempts=10, wait=30))
def renew(*, controller_id: int) -> str:
    """Make the tokens of one chunk of customers anew, and order the next one.

    Killed before the next is ordered, the job itself is given out again; after it, there is one to go on.
    """
    context = system_context(controller_id, purpose="administration", now=clock.now(), on_behalf_of=0)
    renewal = renew_tokens(context, chunk=CHUNK)
    if renewal.left:
        # Nothing done and something left: others are changing those customers at this moment.
        _order(controller_id, seconds=0 if renewal.done else _PASSED_OVER_SECONDS)
    return f"{renewal.done} done, {renewal.left} left"


def order_token_renewal(context: AccessContext) -> int:
    """Have the worker make tokens of an older edition anew; how many customers have such. Ordered twice, done once."""
    left = tokens_to_renew(context)
    if left:
        _order(context.controller_id, seconds=0)
    return left


def _order(controller_id: int, *, seconds: int) -> None:
    lock = f"register.renew_tokens:{controller_id}"
    try:
        with transaction.atomic():
            job = renew.configure(lock=lock, queueing_lock=lock, schedule_in={"seconds": seconds})
            job.defer(controller_id=controller_id)
    except AlreadyEnqueued:
        return


@app.periodic(cron="29 1 * * *")
@app.task(name="register.count_freshness", queue=QUEUE, queueing_lock="register.count_freshness")
def count(timestamp: int) -> int:  # noqa: ARG001 - procrastinate's own argument
    """Count how fresh each company's register is; how many companies."""
    return count_everywhere(now=clock.now())
