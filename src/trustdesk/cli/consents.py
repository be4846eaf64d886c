"""`trustdesk consents`: one customer's consents out and in, as records of ISO/IEC TS 27560 in JSON-LD."""

import hashlib
import json
from pathlib import Path

import click

from trustdesk.cli.companies import administering
from trustdesk.cli.environment import existing_home, ready, running_database, say
from trustdesk.cli.explain import customer_of, whose
from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError
from trustdesk.kernel.ids import from_public


@click.group("consents")
@click.option("--controller", help="The company's number or exact name.")
@click.pass_context
def command(call: click.Context, controller: str | None) -> None:
    """Consents of one customer as records that other systems read."""
    home = existing_home()
    ready()
    call.with_resource(running_database(home))
    call.obj = controller


@command.command("export")
@click.argument("customer")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, writable=True))
@click.option("--reason", required=True, help="Why the words are opened; it stands in the log.")
@click.pass_obj
def export(controller: str | None, *, customer: str, file: Path, reason: str) -> None:
    """Write the consents of CUSTOMER (a reference) into FILE, for the person or the authority."""
    from trustdesk.clearance.api import consent_records  # noqa: PLC0415 - needs the settings

    customer_id = customer_of(customer)
    found = consent_records(administering(whose(customer_id, controller)), customer_id, reason=reason)
    file.touch(mode=0o600)
    file.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    say(f"exported: {len(found)} records into {file}")


@command.command("import")
@click.argument("customer")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--source", required=True, help="The source they come from: its reference.")
@click.option("--reference", required=True, help="Where the file is kept: it is their proof.")
@click.pass_obj
def take_over(controller: str | None, *, customer: str, file: Path, source: str, reference: str) -> None:
    """Add the records in FILE to the history of CUSTOMER, all or none; the file's digest goes with them as proof."""
    from trustdesk.clearance.api import import_consent_records  # noqa: PLC0415 - needs the settings

    customer_id, content = customer_of(customer), file.read_bytes()
    try:
        records, source_id = json.loads(content), from_public(source)
    except ValueError:
        raise BadInputError(
            "FILE is no JSON, or the source's reference is none.", place=file.name, mend="Look at both again."
        ) from None
    events = import_consent_records(
        administering(whose(customer_id, controller)),
        customer_id=customer_id,
        records=records if isinstance(records, list) else [records],
        source_id=source_id,
        document_sha256=hashlib.sha256(content).digest(),
        reference=reference,
        now=clock.now(),
    )
    say(f"imported: {len(events)} events")
