"""`trustdesk screen`: may we contact these, on this channel, for this purpose? Here and now; the same command goes on
where a killed one ended.
"""

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trustdesk.cli.companies import controller_of
from trustdesk.cli.environment import existing_home, ready, running_database, say
from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError, NotFoundError
from trustdesk.kernel.ids import from_public, to_public

if TYPE_CHECKING:
    from trustdesk.kernel.context import AccessContext
    from trustdesk.screening.contracts import Ask, Layout, Progress

_FILTER = "filter:"
_SAY_EVERY_SECONDS = 1.0
_CHANNELS = ["call_human", "call_automated", "email", "sms", "mms", "social_dm", "post", "fax", "chat"]
_KINDS = {"phone": "phone", "email": "email", "address": "address", "handle": "handle", "customer_number": "customer"}


class _Teller:
    """One line that says how far it is, at most once a second; plain lines where nobody watches."""

    def __init__(self) -> None:
        self._said_at = 0.0

    def __call__(self, progress: "Progress") -> None:
        now = time.monotonic()
        if now - self._said_at < _SAY_EVERY_SECONDS:
            return
        self._said_at = now
        text = f"{progress.fraction:4.0%}  {progress.phase.value}, {progress.rows:,} rows"
        click.echo(f"\r{text:<70}" if sys.stderr.isatty() else text, err=True, nl=not sys.stderr.isatty())

    def end(self) -> None:
        if sys.stderr.isatty():
            click.echo(err=True)


def _layout(path: Path, columns: tuple[str, ...], country: str) -> "Layout":
    """What the columns hold: as said, or as their names say."""
    from trustdesk.batch.contracts import Reading  # noqa: PLC0415 - needs the settings
    from trustdesk.intake.api import preview  # noqa: PLC0415
    from trustdesk.screening.contracts import CellKind, Layout  # noqa: PLC0415

    if columns:
        pairs = [column.rpartition("=")[::2] for column in columns]
        if not all(name and kind in set(CellKind) for name, kind in pairs):
            raise BadInputError(
                "A column is given as NAME=KIND.", place="--column", mend=f"A kind is one of {', '.join(CellKind)}."
            )
        return Layout(columns={name: CellKind(kind) for name, kind in pairs}, country=country)
    seen = preview(path, reading=Reading())
    found = {name: CellKind(_KINDS[to]) for name, to in seen.proposed.items() if to in _KINDS}
    if not found:
        raise BadInputError(
            "No column says by its name that it holds numbers, addresses or customers.",
            place=", ".join(seen.columns),
            mend='Say which: --column "Contact=phone".',
        )
    say("columns: " + ", ".join(f"{name}={kind.value}" for name, kind in found.items()))
    return Layout(columns=found, country=country)


def _about(_context: click.Context, _option: click.Parameter, said: tuple[str, ...]) -> dict[str, Any]:
    try:
        return {name: json.loads(value) for name, value in (one.split("=", 1) for one in said)}
    except ValueError:
        raise click.BadParameter('a fact is written as product="energy" or sender_shown=true') from None


@click.command("screen")
@click.argument("source", metavar="LIST")
@click.option("--controller", required=True, help="The company's number or exact name.")
@click.option("--purpose", required=True, help="The declared purpose of the contacts.")
@click.option("--channel", required=True, type=click.Choice(_CHANNELS), help="How they would be contacted.")
@click.option("--engine", type=click.Choice(["postgresql", "duckdb", "spark"]), default="postgresql", show_default=True)
@click.option(
    "--criteria",
    type=click.Path(path_type=Path, exists=True),
    help="With filter:NAME: save this file's lines under it.",
)
@click.option("--column", "columns", multiple=True, help="NAME=KIND: phone, email, address, handle or customer.")
@click.option("--country", default="", help="Reads national numbers (two letters); by default the company's.")
@click.option("--about", multiple=True, callback=_about, help='A fact of the undertaking: product="energy".')
@click.option("--out", type=click.Path(path_type=Path), help="Where to write the verdicts, row by row (CSV).")
@click.option("--recipient", default="", help="Who outside the house gets that file: a declared recipient's number.")
@click.option("--summary", type=click.Path(path_type=Path), help="Where to write the signed summary.")
@click.option("--access", default="records", show_default=True, help="The purpose of access the mandate allows it for.")
def command(
    *,
    source: str,
    controller: str,
    purpose: str,
    channel: str,
    engine: str,
    criteria: Path | None,
    columns: tuple[str, ...],
    country: str,
    about: dict[str, Any],
    out: Path | None,
    recipient: str,
    summary: Path | None,
    access: str,
) -> None:
    """Screen LIST: a file (CSV, JSON Lines, XLSX), or `filter:NAME` for the customers a saved filter means.

    Every number, address or customer gets the verdict of the rules in force: permit, deny, or undecided, which means
    no. A contact is decided once more when it is made.
    """
    home = existing_home()
    ready()
    from trustdesk.decision.contracts import Channel  # noqa: PLC0415 - needs the settings
    from trustdesk.mandates.api import system_context  # noqa: PLC0415
    from trustdesk.screening.contracts import Ask, Engine  # noqa: PLC0415

    ask = Ask(purpose=purpose, channel=Channel(channel), about=about, engine=Engine(engine))
    with running_database(home):
        number = controller_of(controller)
        context = system_context(number, purpose=access, now=clock.now(), on_behalf_of=0)
        if criteria is not None:
            _save(context, source, criteria)
        progress = _screen(context, source, columns, country, ask)
        # It may have taken longer than the first context lives.
        context = system_context(number, purpose=access, now=clock.now(), on_behalf_of=0)
        _report(context, progress)
        _hand_over(context, progress, out, recipient, summary)


def _save(context: "AccessContext", source: str, criteria: Path) -> None:
    from trustdesk.screening.api import criteria_from_json, save_filter  # noqa: PLC0415
    from trustdesk.screening.contracts import NewFilter  # noqa: PLC0415

    try:
        said = json.loads(criteria.read_text(encoding="utf-8-sig"))
    except ValueError:
        raise BadInputError("The file is not JSON.", place=str(criteria)) from None
    new = NewFilter(name=source.removeprefix(_FILTER), criteria=criteria_from_json(said))
    save_filter(context, new=new, now=clock.now())


def _screen(context: "AccessContext", source: str, columns: tuple[str, ...], country: str, ask: "Ask") -> "Progress":
    from trustdesk.screening.api import filters, screen_file, screen_filter  # noqa: PLC0415

    teller = _Teller()
    try:
        if source.startswith(_FILTER):
            name = source.removeprefix(_FILTER)
            found = [one.filter_id for one in filters(context) if one.name == name]
            if not found:
                raise NotFoundError("There is no such filter.", place=name, mend="Save one with --criteria.")
            return screen_filter(context, filter_id=found[0], ask=ask, now=clock.now(), listener=teller)
        path = Path(source)
        layout = _layout(path, columns, country.upper())
        return screen_file(context, path=path, layout=layout, ask=ask, now=clock.now(), listener=teller)
    finally:
        teller.end()


def _report(context: "AccessContext", progress: "Progress") -> None:
    from trustdesk.screening.api import report  # noqa: PLC0415

    say(f"screening: {to_public(progress.run_id)} {progress.state.value}")
    for outcome, count in progress.counts.items():
        say(f"  {outcome.value:<28}{count:>12,}")
    found = report(context, progress.run_id)
    for fault, count in found.faults.items():
        say(f"    {fault.value:<26}{count:>12,}")
    for word in found.words:
        say(f"  {word.rows:>12,}  {word.outcome.value:<10} {word.rule_id}: {word.statute}")


def _hand_over(
    context: "AccessContext", progress: "Progress", out: Path | None, recipient: str, summary: Path | None
) -> None:
    from trustdesk.screening.api import hand_over, report, write_verdicts  # noqa: PLC0415

    if out is not None:
        given = from_public(recipient) if recipient else None
        verdicts = hand_over(context, run_id=progress.run_id, now=clock.now(), recipient_id=given)
        say(f"  {write_verdicts(out, verdicts):,} verdicts, row by row: {out}")
    if summary is not None:
        summary.write_text(report(context, progress.run_id).summary, encoding="utf-8")
        say(f"  signed summary: {summary}")
