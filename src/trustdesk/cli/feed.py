"""`trustdesk feed`: which feeds there are and how they stand, take a file, go on after the brake."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trustdesk.cli.companies import controller_of
from trustdesk.cli.environment import existing_home, ready, running_database, say
from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError, NotFoundError
from trustdesk.kernel.ids import from_public, to_public

if TYPE_CHECKING:
    from trustdesk.feeds.contracts import DeliveryView
    from trustdesk.kernel.context import AccessContext

_BLOCK = 65_536
_AN_HOUR = timedelta(hours=1)


@click.command("feed")
@click.argument("act", type=click.Choice(["list", "take", "go-on"]), metavar="ACT")
@click.argument("named", required=False)
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--controller", help="The company's number or exact name; not needed where there is only one.")
def command(*, act: str, named: str | None, file: Path | None, controller: str | None) -> None:
    """ACT is list; take FEED FILE, which applies the file here and now; or go-on DELIVERY, for one that the brake has
    stopped and somebody has looked at. A feed is named by its name or its 13 letters, a delivery by its letters.

    A feed is declared in the console. What is done here acts in the name of the machine's own command line.
    """
    home = existing_home()
    ready()
    from trustdesk.mandates.api import system_context  # noqa: PLC0415 - needs the settings

    with running_database(home):
        number = controller_of(controller)
        context = system_context(number, purpose="records", now=clock.now(), on_behalf_of=0)
        if act == "list":
            _list(context)
        elif act == "take":
            _take(context, named or "", file)
        else:
            _go_on(context, named or "")


def _list(context: "AccessContext") -> None:
    from trustdesk.feeds.api import deliveries, feeds  # noqa: PLC0415 - needs the settings

    found = feeds(context)
    if not found:
        say("no feed yet")
    for view in found:
        fault = f"  {view.fault} {view.where}".rstrip() if view.fault else ""
        say(f"{to_public(view.feed_id)}  {view.state:<9} {view.transport:<8} {view.name}{fault}")
        for one in deliveries(context, feed_id=view.feed_id, limit=5):
            _show(one)


def _take(context: "AccessContext", named: str, file: Path | None) -> None:
    from trustdesk.feeds.api import delivery, feeds, receive, run  # noqa: PLC0415 - needs the settings

    found = [one.feed_id for one in feeds(context) if named in {one.name, to_public(one.feed_id)}]
    if len(found) != 1:
        raise NotFoundError("There is no feed of this name.", place="FEED", mend="`trustdesk feed list` shows them.")
    if file is None:
        raise BadInputError("Name the file that is to be taken.", place="FILE")
    given = receive(context, feed_id=found[0], pieces=_pieces(file), now=clock.now())
    run(context.controller_id, found[0], until=clock.now() + _AN_HOUR)
    _show(delivery(context, given))


def _go_on(context: "AccessContext", named: str) -> None:
    from trustdesk.feeds.api import delivery, go_on, run  # noqa: PLC0415 - needs the settings

    try:
        delivery_id = from_public(named)
    except ValueError:
        raise BadInputError(
            "This is no delivery's name.", place="DELIVERY", mend="`trustdesk feed list` shows them."
        ) from None
    go_on(context, delivery_id=delivery_id, now=clock.now())
    run(context.controller_id, delivery(context, delivery_id).feed_id, until=clock.now() + _AN_HOUR)
    _show(delivery(context, delivery_id))


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while piece := stream.read(_BLOCK):
            yield piece


def _show(view: "DeliveryView") -> None:
    say(f"  {to_public(view.delivery_id)}  {view.state} {view.reason}".rstrip())
    for limit in view.brakes:
        say(f"    {'above the limit of':<24} {limit}")
    for fate, count in sorted(view.counts.items()):
        say(f"    {fate:<24}{count:>12,}")
    if view.parked:
        say(f"    {'set aside':<24}{view.parked:>12,}")
