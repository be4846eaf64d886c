"""`trustdesk verify-vcon`: check a signed vCon, offline and without this installation."""

import base64
import binascii
import hashlib
from pathlib import Path

import click

from trustdesk.cli.environment import say
from trustdesk.kernel.errors import BadInputError


@click.command("verify-vcon")
@click.argument("file", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--key", required=True, help="The installation's public key (base64), as its log's exports and checkpoints name it."
)
@click.option(
    "--audio", type=click.Path(path_type=Path, file_okay=False, exists=True), help="Unpack the WAV files here."
)
def command(*, file: Path, key: str, audio: Path | None) -> None:
    """Verify FILE, a conversation that was exported as vCon, and show what it says."""
    from trustdesk.recordings.contracts import vcon_audio, vcon_verified  # noqa: PLC0415 - the program starts without it
    from trustdesk.seal.api import VerifyKey  # noqa: PLC0415

    try:
        public = VerifyKey.from_bytes(base64.b64decode(key, validate=True))
    except (binascii.Error, ValueError):
        raise BadInputError("This is not a public key.", place="--key", mend="Give its 32 bytes in base64.") from None
    content = vcon_verified(file.read_text(encoding="utf-8"), public)
    say("verified: signed by this key, and not altered since")
    for name in ("uuid", "created_at", "subject"):
        say(f"  {name:<12}{content[name]}")
    dialogs = content["dialog"]
    for number, dialog in enumerate(dialogs if isinstance(dialogs, list) else []):
        sound = vcon_audio(dialog)
        digest = hashlib.sha256(sound).hexdigest()
        say(f"  call {number + 1:<7}{dialog['start']}, {dialog['duration']} s, SHA-256 {digest}")
        if audio is not None:
            place = audio / f"call-{number + 1}.wav"  # the name is ours, not the file's
            with place.open("xb") as target:
                target.write(sound)
            say(f"  written     {place}")
