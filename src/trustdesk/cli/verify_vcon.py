"""`trustdesk verify-vcon`: check a signed vCon, offline and without this installation."""

import hashlib
from pathlib import Path

import click

from trustdesk.cli.environment import say
from trustdesk.cli.signed_file import KEY_HELP, public_key, signed_text
from trustdesk.kernel.errors import ConflictError


@click.command("verify-vcon")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--key", required=True, help=KEY_HELP)
@click.option(
    "--audio", type=click.Path(path_type=Path, file_okay=False, exists=True), help="Unpack the WAV files here."
)
def command(*, file: Path, key: str, audio: Path | None) -> None:
    """Verify FILE, a conversation that was exported as vCon, and show what it says."""
    from trustdesk.recordings.contracts import vcon_audio, vcon_verified  # noqa: PLC0415 - the program starts without it

    content = vcon_verified(signed_text(file), public_key(key))
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
            _write(place, sound)
            say(f"  written     {place}")


def _write(place: Path, sound: bytes) -> None:
    try:
        with place.open("xb") as target:
            target.write(sound)
    except FileExistsError:
        raise ConflictError(
            "There is a file of this name already; it was left as it is.",
            place=str(place),
            mend="Name an empty folder for --audio.",
        ) from None
