"""`trustdesk import`: bring a list in, here and now; the same command goes on where a killed one ended."""

import hashlib
import json
import sys
import time
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trustdesk.cli.companies import controller_of
from trustdesk.cli.environment import existing_home, ready, running_database, say
from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError, NotFoundError
from trustdesk.kernel.ids import to_public

if TYPE_CHECKING:
    from trustdesk.intake.contracts import Progress
    from trustdesk.kernel.context import AccessContext

_LABELS = (
    ("rows", "rows read"),
    ("added", "added"),
    ("already_imported", "imported before"),
    ("duplicate_in_file", "twice in the list"),
    ("duplicate_in_register", "known already"),
    ("suppressed", "not admitted"),
    ("rejected", "rejected"),
    ("stale", "with contact points too old"),
    ("age_unknown", "of unknown age"),
)
_SAY_EVERY_SECONDS = 1.0
_KINDS = ["import", "bought", "feed", "other"]


def _mapping(context: "AccessContext", said: str) -> int:
    """A saved mapping by its name, or a mapping file, which is saved under the file's name."""
    from trustdesk.intake.api import mapping_from_json, mappings, save_mapping  # noqa: PLC0415

    path = Path(said)
    if not path.is_file():
        for saved in mappings(context):
            if saved.mapping.name == said:
                return saved.mapping_id
        raise NotFoundError(
            "There is neither a saved mapping of this name nor a mapping file.",
            place="--mapping",
            mend='Write a file like {"columns": {"Name": "name", "Phone": "phone"}, "undeclared": "refuse"}.',
        )
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError:
        raise BadInputError("The mapping file is not JSON.", place=str(path)) from None
    return save_mapping(context, mapping=mapping_from_json(path.stem, content), now=clock.now())


def _source(context: "AccessContext", said: str, evidence: dict[str, Any]) -> int:
    """A source by its number or name; or a new one with its evidence, made once."""
    from trustdesk.register.api import create_source, sources  # noqa: PLC0415
    from trustdesk.register.contracts import NewSource, SourceKind  # noqa: PLC0415

    kind = evidence.pop("kind")
    if kind is None:
        if any(evidence.values()):
            raise BadInputError(
                "Evidence is given without the kind of source.",
                place="--source-kind",
                mend=f"One of {', '.join(_KINDS)}.",
            )
        found = [held.source_id for held in sources(context) if said in {held.name, to_public(held.source_id)}]
        if len(found) != 1:
            raise NotFoundError(
                "There is no such source, or more than one of this name.",
                place="--source",
                mend="Name a source by its number, or give --source-kind and its evidence to record a new one.",
            )
        return found[0]
    document: Path | None = evidence.pop("document")
    digest = hashlib.sha256(document.read_bytes()).digest() if document else b""
    new = NewSource(kind=SourceKind(kind), name=said.strip(), evidence_sha256=digest, **evidence)
    for held in sources(context):
        if all(getattr(held, name) == getattr(new, name) for name in NewSource.__slots__):
            return held.source_id
    return create_source(context, source=new, now=clock.now())


class _Teller:
    """One line that says how far it is, at most once a second; plain lines where nobody watches."""

    def __init__(self) -> None:
        self._said_at = 0.0
        self._begun_at = time.monotonic()
        self._rows_before: int | None = None

    def __call__(self, progress: "Progress") -> None:
        if self._rows_before is None:
            self._rows_before = progress.counts.rows
        now = time.monotonic()
        if now - self._said_at < _SAY_EVERY_SECONDS:
            return
        self._said_at = now
        speed = (progress.counts.rows - self._rows_before) / max(now - self._begun_at, 0.001)
        text = (
            f"{progress.fraction:4.0%}  {progress.counts.rows:,} rows, {progress.counts.added:,} added, {speed:,.0f}/s"
        )
        click.echo(f"\r{text:<70}" if sys.stderr.isatty() else text, err=True, nl=not sys.stderr.isatty())

    def end(self) -> None:
        if sys.stderr.isatty():
            click.echo(err=True)


def _report(progress: "Progress", called_at: datetime) -> None:
    say(("dry run: " if progress.dry_run else "import: ") + f"{to_public(progress.run_id)} {progress.state.value}")
    if progress.finished_at is not None and progress.finished_at < called_at:
        say(f"  This very list came in on {progress.finished_at.date()}. Nobody was added again; it brought then:")
    for name, label in _LABELS:
        say(f"  {label:<28}{getattr(progress.counts, name):>12,}")


def _date(_context: click.Context, _option: click.Parameter, said: str | None) -> date | None:
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        raise click.BadParameter("a date is written as 2026-03-31") from None


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--controller", required=True, help="The company's number or exact name.")
@click.option("--source", required=True, help="Where the list comes from: a source's number or name.")
@click.option("--mapping", required=True, help="A mapping file (JSON), or the name of a saved mapping.")
@click.option("--source-kind", type=click.Choice(_KINDS), help="Record the source as new, with the evidence below.")
@click.option("--seller", default="", help="Who sold the list (bought lists).")
@click.option("--acquired", callback=_date, help="The day the list was acquired (bought lists).")
@click.option("--legal-basis", default="", help="The legal basis, as an eu-gdpr IRI or its short form.")
@click.option("--proof", default="", help="The reference of the contract or document that proves it.")
@click.option("--evidence", type=click.Path(path_type=Path, exists=True), help="The document: its digest is recorded.")
@click.option("--purpose", default="service", show_default=True, help="The purpose the mandate allows it for.")
@click.option("--dry-run", is_flag=True, help="Check everything, ask the gates, add nobody.")
@click.option("--rejects", type=click.Path(path_type=Path), help="Where to write the rejects file.")
@click.option(
    "--processes", type=click.IntRange(1, 16), help="How many processes; by default one a processor, four at most."
)
def command(
    *,
    file: Path,
    controller: str,
    source: str,
    mapping: str,
    source_kind: str | None,
    seller: str,
    acquired: date | None,
    legal_basis: str,
    proof: str,
    evidence: Path | None,
    purpose: str,
    rejects: Path | None,
    processes: int | None,
    dry_run: bool,
) -> None:
    """Bring a list of customers in: CSV, JSON Lines or XLSX. The same list a second time adds nobody."""
    home = existing_home()
    ready()
    from trustdesk.intake.api import import_file  # noqa: PLC0415 - needs the settings
    from trustdesk.mandates.api import system_context  # noqa: PLC0415

    told = {
        "kind": source_kind,
        "seller": seller,
        "acquired_date": acquired,
        "legal_basis": legal_basis,
        "proof": proof,
        "document": evidence,
    }
    with running_database(home):
        now = clock.now()
        context = system_context(controller_of(controller), purpose=purpose, now=now, on_behalf_of=0)
        mapping_id = _mapping(context, mapping)
        source_id = _source(context, source, told)
        teller = _Teller()
        try:
            progress = import_file(
                context,
                path=file,
                mapping_id=mapping_id,
                source_id=source_id,
                now=now,
                dry_run=dry_run,
                processes=processes,
                listener=teller,
            )
        finally:
            teller.end()
        _report(progress, now)
        _write_rejects(progress, purpose, controller_of(controller), rejects)


def _write_rejects(progress: "Progress", purpose: str, controller_id: int, path: Path | None) -> None:
    from trustdesk.intake.api import rejects, write_rejects  # noqa: PLC0415
    from trustdesk.mandates.api import system_context  # noqa: PLC0415

    # The import may have taken longer than the first context lives.
    context = system_context(controller_id, purpose=purpose, now=clock.now(), on_behalf_of=0)
    if path is None:
        first = next(rejects(context, progress.run_id), None)
        if first is not None:
            say("  Some rows were not taken. Their rows, columns and reasons: again with --rejects FILE.")
        return
    count = write_rejects(path, rejects(context, progress.run_id))
    say(f"  {count:,} rows with column and reason: {path}")
