"""`trustdesk outbox`: how the outboxes stand, and what happened to one message."""

from typing import TYPE_CHECKING

import click

from trustdesk.cli.environment import existing_home, ready, running_database, say
from trustdesk.kernel import clock
from trustdesk.kernel.clock import rfc3339
from trustdesk.kernel.errors import BadInputError, NotFoundError, RefusedError
from trustdesk.kernel.ids import from_public, to_public

if TYPE_CHECKING:
    from trustdesk.kernel.context import AccessContext


@click.command("outbox")
@click.option("--controller", help="The company's number or exact name; every company where not given.")
@click.option("--message", metavar="ID", help="The history of one message: 13 letters, as the console shows them.")
@click.option("--arrived", "settled", flag_value="arrived", help="With --message: an unknown one did arrive.")
@click.option("--send-again", "settled", flag_value="again", help="With --message: send an unknown one again.")
def command(controller: str | None, message: str | None, settled: str | None) -> None:
    """How many messages and calls stand where, and why. Counts only: nothing is opened."""
    home = existing_home()
    ready()
    from trustdesk.mandates.api import controllers, system_context  # noqa: PLC0415 - needs the settings

    with running_database(home):
        companies = [one for one in controllers() if controller in {None, str(one.id), one.name}]
        if not companies:
            raise NotFoundError("There is no such company.", place="--controller", mend="Give its number or its name.")
        contexts = []
        for company in companies:
            try:
                context = system_context(company.id, purpose="administration", now=clock.now(), on_behalf_of=0)
            except RefusedError:
                continue  # its own mandate has ended: nothing of it opens any more
            contexts.append((company.name, context))
        if message is None:
            for name, context in contexts:
                _counts(name, context)
        else:
            _message([context for _name, context in contexts], message, settled)


def _counts(name: str, context: "AccessContext") -> None:
    from trustdesk.delivery.api import counts, standing  # noqa: PLC0415 - needs the settings

    say(name)
    found = counts(context)
    if not found:
        say("  nothing was sent yet")
        return
    for count in found:
        say(f"  {count.channel:<8} {count.state:<9} {count.messages:>9,}  {count.reason}")
    now = clock.now()
    stand = standing(context, now=now)
    if stand.oldest_due_at is not None:
        minutes = int((now - stand.oldest_due_at).total_seconds() // 60)
        say(f"  {stand.waiting:,} are due, the oldest for {minutes} minutes")


def _message(contexts: "list[AccessContext]", said: str, settled: str | None) -> None:
    from trustdesk.delivery.api import message, settle  # noqa: PLC0415 - needs the settings

    try:
        message_id = from_public(said)
    except ValueError:
        raise BadInputError("This is no message's name.", place="--message", mend="It has 13 letters.") from None
    for context in contexts:
        try:
            view, turns = message(context, message_id)
        except NotFoundError:
            continue
        if settled is not None:
            settle(context, message_id=message_id, arrived=settled == "arrived", now=clock.now())
            view, turns = message(context, message_id)
        say(f"{to_public(view.message_id)}  {view.channel}  {view.purpose}  {view.template}  {view.state}")
        for turn in turns:
            answer = " ".join(str(part) for part in (turn.reply, turn.status, turn.reason) if part)
            say(f"  {rfc3339(turn.at)}  {turn.happening:<16} {turn.after:<9} {answer}")
        return
    raise NotFoundError("There is no such message.", place="--message")
