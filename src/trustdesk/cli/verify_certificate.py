"""`trustdesk verify-certificate`: the offline verifier of erasure certificates, which also runs as a single file."""

import sys

import click

_EXITS = (
    "Ends with 0: signed by the key, in the log; 1: altered; 2: nothing could be checked; 3: it agrees with itself"
    " only; 4: signed, but not of whom --mine says."
)


@click.command("verify-certificate", epilog=_EXITS)
@click.argument("certificate")
@click.option("--key", default="", help="The company's public key, known from elsewhere: the line of `key.txt`.")
@click.option("--mine", default="", help="A datum of yours: name, e-mail, phone with country code, birth date.")
@click.option("--salt", default="", metavar="CODE", help="The code you were given, once.")
def command(certificate: str, key: str, mine: str, salt: str) -> None:
    """Verify CERTIFICATE, that a person was erased, offline; with --mine and --salt also that it is yours."""
    from trustdesk.proof.verifier import main  # noqa: PLC0415 - it needs neither settings nor database

    sys.exit(main([f"--key={key}", f"--mine={mine}", f"--salt={salt}", "--", certificate]))
