"""`trustdesk explain`: may we contact this customer, on this channel, for this purpose, and why."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from trustdesk.cli.companies import administering, controller_of
from trustdesk.cli.environment import existing_home, ready, running_database, say
from trustdesk.decision.contracts import Channel
from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError, NotFoundError
from trustdesk.kernel.ids import from_public

if TYPE_CHECKING:
    from trustdesk.clearance.contracts import Explanation

_LANGUAGES = ["en", "hu", "fi", "pl", "de"]


def _instant(_context: click.Context, _option: click.Parameter, said: str | None) -> datetime | None:
    if said is None:
        return None
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        raise click.BadParameter("an instant is written as 2026-03-31T12:00:00+02:00") from None
    if found.tzinfo is None:
        raise click.BadParameter("an instant needs its time zone, as in 2026-03-31T12:00:00+02:00")
    return found


def customer_of(said: str) -> int:
    """The customer of a reference as people write it."""
    try:
        return from_public("".join(said.split()))
    except ValueError:
        raise BadInputError(
            "This is not a customer's reference.", place="CUSTOMER", mend="Copy it from the customer's card."
        ) from None


def whose(customer_id: int, controller: str | None) -> int:
    """The company that has the customer; nothing is opened."""
    from trustdesk.mandates.api import controllers  # noqa: PLC0415 - needs the settings
    from trustdesk.register.api import timeline  # noqa: PLC0415

    asked = [controller_of(controller)] if controller else [company.id for company in controllers()]
    for controller_id in asked:
        try:
            timeline(administering(controller_id), customer_id, limit=1)
        except NotFoundError:
            continue
        return controller_id
    raise NotFoundError("No company here has such a customer.", place="CUSTOMER", mend="Look at the reference again.")


@click.command("explain")
@click.argument("customer")
@click.argument("channel", type=click.Choice([channel.value for channel in Channel]))
@click.argument("purpose")
@click.option("--at", callback=_instant, help="Another instant than now, past or to come.")
@click.option("--product", default="", help="What is offered, as the customers' product groups name it.")
@click.option("--controller", help="The company's number or exact name.")
@click.option("--language", type=click.Choice(_LANGUAGES), default="en", show_default=True)
def command(
    *,
    customer: str,
    channel: str,
    purpose: str,
    at: datetime | None,
    product: str,
    controller: str | None,
    language: str,
) -> None:
    """May CUSTOMER (a reference) be contacted on CHANNEL for PURPOSE (a code), and why? Opens and writes nothing.

    Who bought of the same PRODUCT may be told of similar offers where the law says so; not said, that can't be decided.
    """
    home = existing_home()
    ready()
    from django.utils import translation  # noqa: PLC0415 - needs the settings

    from trustdesk.clearance.api import explain  # noqa: PLC0415

    customer_id = customer_of(customer)
    with running_database(home), translation.override(language):
        context = administering(whose(customer_id, controller))
        told = explain(
            context,
            customer_id=customer_id,
            channel=Channel(channel),
            purpose=purpose,
            at=at or clock.now(),
            about={"product": product} if product else {},
        )
        _tell(told)


def _tell(told: "Explanation") -> None:
    from django.utils.translation import gettext as _  # noqa: PLC0415 - needs the settings

    say(told.headline)
    for line in told.lines:
        say(f"  {line.outcome.value:<10}{line.words}")
        say(f"            {line.statute}  [{line.rule_id}]")
        for missing in line.because:
            say(f"            - {missing}")
    if told.duties:
        say(_("If you do:"))
        for duty in told.duties:
            say(f"  - {duty}")
    if told.holds_until is not None:
        say(_("This holds until %(instant)s.") % {"instant": told.holds_until.isoformat()})
