"""`trustdesk verify`: the offline verifier, which also runs as a single file without this program."""

import sys

import click


@click.command("verify", context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """Verify an export of the log: `trustdesk verify EXPORT [--against CHECKPOINT]`."""
    from trustdesk.audit.verifier import main  # noqa: PLC0415 - it needs neither settings nor database

    sys.exit(main(list(arguments)))
