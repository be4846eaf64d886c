"""The worker process: takes jobs from the queue in the database. Started by `up`."""

import asyncio

from django.conf import settings

from trustdesk.cli.environment import ready

_SHUTDOWN_SECONDS = 10
_JOBS_AT_ONCE = 2
_STALLED_SECONDS = 30.0
_LOOK_EVERY_SECONDS = 10


async def _work() -> None:
    """Work until asked to end. A job whose worker was killed is put back and goes on from its last chunk."""
    from procrastinate import App, PsycopgConnector  # noqa: PLC0415 - needs the settings
    from procrastinate.contrib.django import app  # noqa: PLC0415
    from procrastinate.jobs import DeleteJobCondition  # noqa: PLC0415

    async def rescue(worker: App) -> None:
        while True:
            for job in await worker.job_manager.get_stalled_jobs(seconds_since_heartbeat=_STALLED_SECONDS):
                await worker.job_manager.retry_job(job)
            await asyncio.sleep(_LOOK_EVERY_SECONDS)

    with app.replace_connector(PsycopgConnector(conninfo=settings.TRUSTDESK_CONNINFO["app"])) as worker:
        async with worker.open_async():
            rescuing = asyncio.create_task(rescue(worker))
            try:
                await worker.run_worker_async(
                    name="trustdesk",
                    concurrency=_JOBS_AT_ONCE,
                    # Done jobs left in the table make taking the next one three times slower.
                    delete_jobs=DeleteJobCondition.SUCCESSFUL,
                    shutdown_graceful_timeout=_SHUTDOWN_SECONDS,
                )
            finally:
                rescuing.cancel()


def main() -> None:
    """Load the settings and work."""
    ready(service=True)
    asyncio.run(_work())


if __name__ == "__main__":
    main()
