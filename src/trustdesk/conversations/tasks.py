"""The worker's share: what the rules of keeping say, every night."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from trustdesk.conversations.services import keeping

QUEUE = "conversations"


@app.periodic(cron="23 3 * * *")
@app.task(name="conversations.keep", queue=QUEUE, queueing_lock="conversations.keep")
def keep(timestamp: int) -> int:
    """Delete what has been kept long enough, and say which complaints are due."""
    return keeping.sweep(now=datetime.fromtimestamp(timestamp, tz=UTC))
