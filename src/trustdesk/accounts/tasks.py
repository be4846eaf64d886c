"""Periodic work of the accounts room."""

from datetime import datetime

from procrastinate.contrib.django import app

from trustdesk.accounts.services.forgetting import forget_expired
from trustdesk.kernel import clock


@app.periodic(cron="41 * * * *")
@app.task(name="accounts.forget_expired", queue="accounts", queueing_lock="accounts.forget_expired")
def forget(timestamp: int) -> int:
    """Delete what has expired; the number of rows."""
    return forget_expired(now=datetime.fromtimestamp(timestamp, tz=clock.now().tzinfo))
