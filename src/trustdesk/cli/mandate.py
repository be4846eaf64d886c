"""`trustdesk mandate`: what a company lets its own staff or a processor do; listed, begun, ended."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from trustdesk.cli.companies import controller_of
from trustdesk.cli.environment import existing_home, ready, running_database, say
from trustdesk.kernel import clock
from trustdesk.kernel.clock import rfc3339
from trustdesk.kernel.errors import BadInputError, NotFoundError
from trustdesk.kernel.ids import from_public, to_public

if TYPE_CHECKING:
    from trustdesk.mandates.contracts import ControllerView, MandateView

_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group("mandate", invoke_without_command=True)
@click.pass_context
def command(call: click.Context) -> None:
    """Mandates (GDPR Art. 28(3)): what each company allows; without a further word they are listed."""
    home = existing_home()
    ready()
    call.with_resource(running_database(home))
    if call.invoked_subcommand is None:
        for company, mandate in _all():
            say(_line(company, mandate))


@command.command("processor")
@click.argument("name")
@click.option("--country", required=True, help="Where it is (ISO 3166-1), as in DE.")
def processor(*, name: str, country: str) -> None:
    """Make a company known that answers on behalf of others. It may do nothing before it has a mandate."""
    from trustdesk.mandates.api import create_processor  # noqa: PLC0415 - needs the settings

    create_processor(name=name.strip(), country=country.upper(), by=None, now=clock.now())
    say(f"known: {name.strip()}")


@command.command("begin")
@click.option("--controller", help="The company's number or exact name; not needed where there is only one.")
@click.option("--processor", "processor_name", help="The processor's exact name; without it, the company's own staff.")
@click.option("--purpose", "purposes", required=True, multiple=True, help="What for; may be given several times.")
@click.option("--category", "categories", multiple=True, help="A kind of data in DPV's terms; without it, all.")
@click.option("--operation", "operations", required=True, multiple=True, help="What may be done, as in customer:open.")
@click.option("--from", "first_day", type=_DAY, help="The first day where the company is; without it, at once.")
@click.option("--until", "last_day", type=_DAY, help="The last day; without it the mandate has no end.")
def begin(
    *,
    controller: str | None,
    processor_name: str | None,
    purposes: tuple[str, ...],
    categories: tuple[str, ...],
    operations: tuple[str, ...],
    first_day: datetime | None,
    last_day: datetime | None,
) -> None:
    """Begin a mandate. Seats under it are then given in the console."""
    from trustdesk.mandates import api  # noqa: PLC0415 - needs the settings

    now = clock.now()
    company = api.controller(controller_of(controller))
    zone = ZoneInfo(company.time_zone)
    made = api.create_mandate(
        controller_id=company.id,
        processor_id=_processor(processor_name),
        purposes=purposes,
        categories=categories or (api.EVERY_CATEGORY,),
        operations=operations,
        starts_at=max(now, _midnight(first_day.date(), zone)) if first_day else now,
        # Periods are half-open: the last day counts whole.
        ends_at=_midnight(last_day.date() + timedelta(days=1), zone) if last_day else None,
        by=None,
        now=now,
    )
    say(_line(company, made))


@command.command("end")
@click.argument("mandate")
@click.option("--reason", required=True, help="It stands in the company's log; name no customer.")
def end(*, mandate: str, reason: str) -> None:
    """End a MANDATE, named by its 13 letters: from this instant it opens nothing. Its seats and tokens end with it."""
    from trustdesk.mandates.api import end_mandate  # noqa: PLC0415 - needs the settings

    company, found = _named(mandate)
    end_mandate(controller_id=company.id, mandate_id=found.id, reason=reason, by=None, now=clock.now())
    say(f"ended: {to_public(found.id)}")


def _all() -> "list[tuple[ControllerView, MandateView]]":
    from trustdesk.mandates.api import every_mandate  # noqa: PLC0415 - needs the settings

    return every_mandate(by=None, now=clock.now())


def _named(said: str) -> "tuple[ControllerView, MandateView]":
    try:
        mandate_id = from_public(said)
    except ValueError:
        raise BadInputError(
            "This is no mandate's name.", place="MANDATE", mend="It has 13 letters; `trustdesk mandate` shows them."
        ) from None
    for company, mandate in _all():
        if mandate.id == mandate_id:
            return company, mandate
    raise NotFoundError("There is no such mandate.", place="MANDATE", mend="`trustdesk mandate` lists them.")


def _processor(said: str | None) -> int | None:
    from trustdesk.mandates.api import processors  # noqa: PLC0415 - needs the settings

    if said is None:
        return None
    for one in processors():
        if one.name == said:
            return one.id
    raise NotFoundError(
        "There is no such processor.", place="--processor", mend="Make it known: `trustdesk mandate processor NAME`."
    )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _line(company: "ControllerView", mandate: "MandateView") -> str:
    until = rfc3339(mandate.ends_at) if mandate.ends_at else "without an end"
    who = mandate.processor_name or "own staff"
    purposes = ", ".join(mandate.purposes)
    return f"{to_public(mandate.id)}  {rfc3339(mandate.starts_at)} to {until}  {company.name} · {who}  ({purposes})"
