"""The worker's share: telling customers, taking back, and making profiles where there are none yet."""

from procrastinate.contrib.django import app

from trustdesk.kernel import clock
from trustdesk.mandates.api import controllers, feed_context
from trustdesk.updates.services import building, doubles, profiles, telling, undoing

CHUNK = 1_000


@app.task(name=telling.TASK, queue=telling.QUEUE)
def tell(*, controller_id: int, change_ids: list[int], source_id: int) -> int:
    """Write the letters about these changes; how many."""
    return telling.tell(controller_id, change_ids, source_id, now=clock.now())


@app.task(name=undoing.TASK, queue=telling.QUEUE)
def undo(*, controller_id: int, operator_id: int, order: dict[str, object]) -> int:
    """Take back the next changes of an order and, where there are more, order the rest."""
    return undoing.go_on(controller_id, operator_id, order, now=clock.now())


@app.task(name=building.TASK, queue=telling.QUEUE)
def build(*, controller_id: int, after: int) -> int:
    """Make the next profiles and, where there are more to make, order the rest. Numbers of who went long ago go."""
    now = clock.now()
    context = feed_context(controller_id, now=now)
    if not after:
        profiles.forget_departed(context, now=now)
    built = building.build_profiles(context, after=after, limit=CHUNK)
    if built.after is not None:
        building.order(controller_id, after=built.after)
    return built.done


@app.task(name=doubles.TASK, queue=telling.QUEUE)
def look_for_duplicates(*, controller_id: int, after: int) -> int:
    """Look at the next records and, where there are more, order the rest: killed, it begins this part again."""
    now = clock.now()
    looked = doubles.look_for_duplicates(feed_context(controller_id, now=now), after=after, limit=CHUNK, now=now)
    if looked.after is not None:
        doubles.order_look(controller_id, after=looked.after)
    return looked.found


@app.periodic(cron="23 2 * * *")
@app.task(name="updates.build_all", queue=telling.QUEUE, queueing_lock="updates.build_all")
def build_all(timestamp: int) -> int:
    """Order the missing profiles of every company: of registers from before there were any, and of new editions."""
    del timestamp
    companies = controllers()
    for company in companies:
        building.order(company.id, after=0)
    return len(companies)
