"""`trustdesk verify`: the offline verifier, which also runs as a single file without this program."""

import sys

import click

_EXITS = "Ends with 0: it agrees; 1: altered or incomplete; 2: nothing could be checked; 3: self-consistent only."


@click.command("verify", epilog=_EXITS)
@click.argument("export")
@click.option("--against", multiple=True, metavar="PATH", help="A checkpoint kept outside, or a folder of them.")
@click.option("--key", multiple=True, help="The log's public key, known from elsewhere.")
def command(export: str, against: tuple[str, ...], key: tuple[str, ...]) -> None:
    """Verify an EXPORT of the log, against checkpoints where they are named."""
    from trustdesk.audit.verifier import main  # noqa: PLC0415 - it needs neither settings nor database

    named = [f"--against={path}" for path in against] + [f"--key={known}" for known in key]
    sys.exit(main([*named, "--", export]))
