"""`trustdesk renew-tokens`: what `upgrade` orders from the worker, done here and now, and seen."""

import time

import click

from trustdesk.cli.environment import existing_home, ready, running_database, say
from trustdesk.kernel import clock
from trustdesk.kernel.errors import NotFoundError

_CHUNK = 1_000  # customers a transaction: a second, for which whoever changes one of them waits
_PASSED_OVER_SECONDS = 1.0


@click.command("renew-tokens")
@click.option("--controller", help="The company's number or exact name; every company where not given.")
@click.option("--chunk", type=click.IntRange(1, 10_000), default=_CHUNK, help="Customers a transaction.")
def command(controller: str | None, chunk: int) -> None:
    """Make the search tokens of an older version of the program anew. Everybody is found meanwhile; stops nothing."""
    home = existing_home()
    ready()
    from trustdesk.mandates.api import controllers  # noqa: PLC0415 - needs the settings

    with running_database(home):
        companies = [one for one in controllers() if controller in {None, str(one.id), one.name}]
        if not companies:
            raise NotFoundError("There is no such company.", place="--controller", mend="Give its number or its name.")
        for company in companies:
            renew(company.id, company.name, chunk=chunk)


def renew(controller_id: int, name: str, *, chunk: int) -> None:
    """One company, a chunk a transaction, each under a context of its own: contexts are short-lived."""
    from trustdesk.mandates.api import system_context  # noqa: PLC0415 - needs the settings
    from trustdesk.register.api import renew_tokens  # noqa: PLC0415

    done = 0
    while True:
        context = system_context(controller_id, purpose="administration", now=clock.now(), on_behalf_of=0)
        renewal = renew_tokens(context, chunk=chunk)
        done += renewal.done
        if not renewal.left:
            say(f"{name}: the search tokens of {done} customers were made anew, none is of an older version")
            return
        say(f"{name}: {done} customers, {renewal.left} to go")
        if not renewal.done:
            time.sleep(_PASSED_OVER_SECONDS)  # somebody is changing those that are left
