"""`trustdesk rotate-keys`: new company keys; the same command goes on where a killed one ended."""

import click

from trustdesk.cli.companies import administering
from trustdesk.cli.environment import existing_home, ready, running_database, say
from trustdesk.kernel import clock
from trustdesk.kernel.errors import NotFoundError

_CHUNK = 5_000  # keys a transaction: under a second, while those who add customers wait


@click.command("rotate-keys")
@click.option("--controller", help="The company's number or exact name; every company where not given.")
@click.option("--suppression", is_flag=True, help="Instead: a new key around the tokens of the suppression list.")
@click.option("--chunk", type=click.IntRange(1, 100_000), default=_CHUNK, help="Keys a transaction.")
def command(*, controller: str | None, suppression: bool, chunk: int) -> None:
    """Wrap the keys of all customers under a new company key and destroy the old one. Stops nothing."""
    home = existing_home()
    ready()
    from trustdesk.mandates.api import controllers  # noqa: PLC0415 - needs the settings

    with running_database(home):
        companies = [one for one in controllers() if controller in {None, str(one.id), one.name}]
        if not companies and controller is None:
            say("There is no company yet, and no key to rotate.")
        elif not companies:
            raise NotFoundError("There is no such company.", place="--controller", mend="Give its number or its name.")
        for company in companies:
            if suppression:
                nest(company.id, company.name, chunk=chunk)
            else:
                rotate(company.id, company.name, chunk=chunk)


def rotate(controller_id: int, name: str, *, chunk: int) -> None:
    """One company, a chunk a transaction, each under a context of its own: contexts are short-lived."""
    from trustdesk.mandates.api import system_context  # noqa: PLC0415 - needs the settings
    from trustdesk.vault.api import rotate_controller_key  # noqa: PLC0415

    done = 0
    while True:
        context = system_context(controller_id, purpose="administration", now=clock.now(), on_behalf_of=0)
        progress = rotate_controller_key(context, chunk=chunk, now=clock.now())
        if progress.finished:
            say(f"{name}: {done} keys wrapped under the new company key, the old one is destroyed")
            return
        done += progress.done
        say(f"{name}: {done} keys, {progress.left} to go")


def nest(controller_id: int, name: str, *, chunk: int) -> None:
    """The suppression tokens of one company carried to a new key; one that was begun and killed is finished first."""
    from trustdesk.clearance.api import begin_renesting, renest_suppressions  # noqa: PLC0415 - needs the settings
    from trustdesk.erasure.api import renest  # noqa: PLC0415

    if renest_suppressions(administering(controller_id), chunk=chunk).finished:
        level = begin_renesting(administering(controller_id), now=clock.now())
        say(f"{name}: key {level} is nested; look-ups find every token while they are carried to it")
    done = 0
    while not (progress := renest_suppressions(administering(controller_id), chunk=chunk)).finished:
        done += progress.done
        say(f"{name}: {done} tokens, {progress.left} under an older key")
    while left := renest(administering(controller_id), chunk=chunk):
        say(f"{name}: {left} tokens of erased persons under an older key")
    say(f"{name}: the older keys open nothing any more")
