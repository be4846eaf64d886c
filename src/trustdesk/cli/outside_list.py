"""`trustdesk outside-list`: lists kept by others (Robinson lists, the ECG-Liste), declared and loaded."""

from datetime import UTC, date, datetime, time
from pathlib import Path

import click

from trustdesk.cli.companies import administering, controller_of
from trustdesk.cli.environment import existing_home, ready, running_database, say
from trustdesk.kernel import clock

_FORMATS = ["values", "ecg_hash"]
_KINDS = ["phone", "email", "address", "handle"]


def _day(_context: click.Context, _option: click.Parameter, said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise click.BadParameter("a day is written as 2026-03-31") from None


@click.group("outside-list", invoke_without_command=True)
@click.option("--controller", help="The company's number or exact name; the only one where not given.")
@click.pass_context
def command(call: click.Context, controller: str | None) -> None:
    """Lists that others keep of who does not want to be contacted; without a further word they are listed."""
    home = existing_home()
    ready()
    call.with_resource(running_database(home))
    call.obj = controller_of(controller)
    if call.invoked_subcommand is None:
        _list(call.obj)


def _list(controller_id: int) -> None:
    from trustdesk.clearance.api import outside_lists  # noqa: PLC0415 - needs the settings

    for held in outside_lists(administering(controller_id)):
        day = held.refreshed_at.date().isoformat() if held.refreshed_at else "never loaded"
        say(f"{held.code:<24}{held.kind.value:<9}{held.country or 'any':<5}{day:<14}{held.entries:>12,}  {held.name}")


@command.command("declare")
@click.argument("code")
@click.option("--name", required=True)
@click.option("--kind", required=True, type=click.Choice(_KINDS), help="What it lists.")
@click.option("--country", default="", help="Two letters: how national numbers are read, and where it counts.")
@click.option("--format", "written", type=click.Choice(_FORMATS), default="values", show_default=True)
@click.pass_obj
def declare(controller_id: int, *, code: str, name: str, kind: str, country: str, written: str) -> None:
    """Say that a list is asked. CODE is the id of its rule (AT-ECG-LISTE), or a name of your own."""
    from trustdesk.clearance.api import declare_outside_list  # noqa: PLC0415 - needs the settings
    from trustdesk.clearance.contracts import ListFormat, NewOutsideList, PointKind  # noqa: PLC0415

    outside = NewOutsideList(code=code, name=name, country=country, kind=PointKind(kind), format=ListFormat(written))
    declare_outside_list(administering(controller_id), outside=outside, now=clock.now())
    say(f"declared: {code}; until it is loaded, what needs it can't be decided")


@command.command("load")
@click.argument("code")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--as-of", required=True, callback=_day, help="The day the list is of.")
@click.option("--column", default="", help="Which column holds the entries; the only one where not given.")
@click.option("--encoding", default="", help="Other than UTF-8: cp1250, cp1252, iso-8859-2, iso-8859-15, utf-16.")
@click.pass_obj
def load(controller_id: int, *, code: str, file: Path, as_of: date, column: str, encoding: str) -> None:
    """Exchange the list's content for FILE's, as a whole. Its entries are kept as keyed tokens only."""
    from trustdesk.batch.contracts import Reading  # noqa: PLC0415 - next to its only use
    from trustdesk.clearance.api import load_outside_list  # noqa: PLC0415 - needs the settings

    loaded = load_outside_list(
        administering(controller_id),
        code=code,
        path=file,
        refreshed_at=datetime.combine(as_of, time(), UTC),
        column=column,
        reading=Reading(encoding=encoding),
        now=clock.now(),
    )
    say(f"loaded: {code}, {loaded.entries:,} entries, {loaded.unreadable:,} could not be read")
