"""The worker's share of the demo: what nobody has to wait for at the start."""

from procrastinate.contrib.django import app

TASK = "demo.campaigns"


@app.task(name=TASK, queue="campaigns")
def campaigns() -> None:
    """Make the companies' campaigns."""
    from trustdesk.demo.campaigns import run  # noqa: PLC0415 - the web process has no need of it
    from trustdesk.kernel import clock  # noqa: PLC0415

    run(now=clock.now())


def order() -> None:
    """Have it done when the worker is there."""
    app.configure_task(TASK).defer()
