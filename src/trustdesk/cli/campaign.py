"""`trustdesk campaign`: what is sent to whom, how far it is; start, pause, cancel."""

from typing import TYPE_CHECKING

import click

from trustdesk.cli.companies import controller_of
from trustdesk.cli.environment import existing_home, ready, running_database, say
from trustdesk.kernel import clock
from trustdesk.kernel.clock import rfc3339
from trustdesk.kernel.errors import BadInputError
from trustdesk.kernel.ids import from_public, to_public

if TYPE_CHECKING:
    from trustdesk.campaigns.contracts import CampaignReport
    from trustdesk.kernel.context import AccessContext

_STEPS = ("start", "pause", "resume", "end", "cancel")


@click.command("campaign")
@click.argument("act", type=click.Choice(["list", "show", *_STEPS]), metavar="ACT")
@click.argument("campaign", required=False)
@click.option("--controller", help="The company's number or exact name; not needed where there is only one.")
@click.option("--access", default="service", show_default=True, help="The purpose of access the mandate allows it for.")
def command(*, act: str, campaign: str | None, controller: str | None, access: str) -> None:
    """ACT is list, show, start, pause, resume, end or cancel; all but `list` name a CAMPAIGN by its 13 letters.

    A campaign is made in the console or over the interface, from a screened list. Each person is decided anew at the
    moment of contact; the worker sends. What is started here acts in the name of the machine's own command line.
    """
    home = existing_home()
    ready()
    from trustdesk.mandates.api import system_context  # noqa: PLC0415 - needs the settings

    with running_database(home):
        number = controller_of(controller)
        context = system_context(number, purpose=access, now=clock.now(), on_behalf_of=0)
        if act == "list":
            _list(context)
            return
        campaign_id = _named(campaign)
        if act in _STEPS:
            _step(context, act, campaign_id)
        _show(context, campaign_id)


def _named(said: str | None) -> int:
    try:
        return from_public(said or "")
    except ValueError:
        raise BadInputError(
            "This is no campaign's name.",
            place="CAMPAIGN",
            mend="It has 13 letters; `trustdesk campaign list` shows them.",
        ) from None


def _step(context: "AccessContext", act: str, campaign_id: int) -> None:
    from trustdesk.campaigns import api  # noqa: PLC0415 - needs the settings

    steps = {"start": api.start, "pause": api.pause, "resume": api.resume, "end": api.end, "cancel": api.cancel}
    steps[act](context, campaign_id=campaign_id, now=clock.now())


def _list(context: "AccessContext") -> None:
    from trustdesk.campaigns.api import campaigns  # noqa: PLC0415 - needs the settings

    found = campaigns(context)
    if not found:
        say("no campaign yet")
    for view in found:
        counted = f"{view.dealt_with:,} of {view.people:,}"
        say(f"{to_public(view.campaign_id)}  {view.state:<9} {counted:>20}  {view.purpose} {view.channel}  {view.name}")


def _show(context: "AccessContext", campaign_id: int) -> None:
    from trustdesk.campaigns.api import report  # noqa: PLC0415 - needs the settings

    found = report(context, campaign_id)
    view = found.view
    say(f"{view.name}: {view.state} {view.reason}".rstrip())
    what = f"{view.template} in {view.language}" if view.template else f"queue {view.queue}, {view.release}"
    say(f"  {view.purpose} by {view.channel}, {what}, {view.pace:,} a minute")
    for state, many in view.counts.items():
        say(f"  {state:<28}{many:>12,}")
    if view.started_at is not None:
        say(f"  {'said no since the start':<28}{found.objections:>12,}")
    _reasons(found)
    if found.next_at is not None:
        say(f"  the next person is due at {rfc3339(found.next_at)}")


def _reasons(found: "CampaignReport") -> None:
    for refused in found.refused:
        law = f"{refused.line.words} ({refused.line.statute})" if refused.line else ""
        say(f"  {refused.people:>12,}  refused    {refused.rule_id}: {law}")
    for left in found.left_out:
        why = f"{left.line.rule_id}: {left.line.words} ({left.line.statute})" if left.line else left.fault
        say(f"  {left.rows:>12,}  not taken  {why}")
