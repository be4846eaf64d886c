"""`trustdesk verify-screening`: check a signed summary, offline and without this installation."""

import base64
import binascii
from pathlib import Path

import click

from trustdesk.cli.environment import say
from trustdesk.kernel.errors import BadInputError


@click.command("verify-screening")
@click.argument("summary", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--key", required=True, help="The installation's public key (base64), as its log's exports and checkpoints name it."
)
def command(*, summary: Path, key: str) -> None:
    """Verify SUMMARY, the signed summary of a screening, and show what it says."""
    from trustdesk.screening.contracts import summary_from_note  # noqa: PLC0415 - the program starts without it
    from trustdesk.seal.api import VerifyKey  # noqa: PLC0415

    try:
        public = VerifyKey.from_bytes(base64.b64decode(key, validate=True))
    except (binascii.Error, ValueError):
        raise BadInputError("This is not a public key.", place="--key", mend="Give its 32 bytes in base64.") from None
    said = summary_from_note(summary.read_text(encoding="utf-8"), public)
    say("verified: signed by this key, and not altered since")
    for name in ("screening", "purpose", "channel", "decided_at", "packs_digest", "policy_version"):
        say(f"  {name:<16}{said[name]}")
    say(f"  list            {said['list']['sha256']}, {said['list']['cells']:,} cells")
    for outcome, count in said["verdicts"].items():
        say(f"  {outcome:<16}{count:>12,}")
