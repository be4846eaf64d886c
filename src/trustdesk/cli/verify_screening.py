"""`trustdesk verify-screening`: check a signed summary, offline and without this installation."""

from pathlib import Path

import click

from trustdesk.cli.environment import say
from trustdesk.cli.signed_file import KEY_HELP, public_key, signed_text


@click.command("verify-screening")
@click.argument("summary", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--key", required=True, help=KEY_HELP)
def command(*, summary: Path, key: str) -> None:
    """Verify SUMMARY, the signed summary of a screening, and show what it says."""
    from trustdesk.screening.contracts import summary_from_note  # noqa: PLC0415 - the program starts without it

    said = summary_from_note(signed_text(summary), public_key(key))
    say("verified: signed by this key, and not altered since")
    for name in ("screening", "purpose", "channel", "decided_at", "packs_digest", "policy_version"):
        say(f"  {name:<16}{said[name]}")
    say(f"  list            {said['list']['sha256']}, {said['list']['cells']:,} cells")
    for outcome, count in said["verdicts"].items():
        say(f"  {outcome:<16}{count:>12,}")
