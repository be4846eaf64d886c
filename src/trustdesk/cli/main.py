"""The `trustdesk` command. Each command's module is imported when it is called: `verify` runs without the rest."""

import importlib
import sys
from typing import NoReturn

import click

from trustdesk import __version__
from trustdesk.kernel.errors import TrustdeskError

COMMANDS = {
    "init": ("trustdesk.cli.init", "Make the home folder, the keys and the first administrator."),
    "company": ("trustdesk.cli.company", "Client companies: list, add."),
    "mandate": ("trustdesk.cli.mandate", "What a company lets its own staff or a processor do: list, begin, end."),
    "up": ("trustdesk.cli.up", "Start database, web, worker and ledger; Ctrl+C stops them."),
    "demo-code": ("trustdesk.cli.demo_code", "The current sign-in code of the demo's people."),
    "import": ("trustdesk.cli.import_command", "Bring a list of customers in."),
    "explain": ("trustdesk.cli.explain", "May a customer be contacted, and why."),
    "consents": ("trustdesk.cli.consents", "One customer's consents out and in, as records (ISO/IEC TS 27560)."),
    "purposes": ("trustdesk.cli.purposes", "What a company contacts people for: list, declare, end."),
    "outside-list": ("trustdesk.cli.outside_list", "Lists kept by others: list, declare, load."),
    "reference": ("trustdesk.cli.reference", "The post's own files of postcodes and streets, loaded."),
    "screen": ("trustdesk.cli.screen_command", "May we contact these? A list in, a verdict per row out."),
    "campaign": ("trustdesk.cli.campaign", "Campaigns: list, show, start, pause, resume, end, cancel."),
    "feed": ("trustdesk.cli.feed", "Feeds of changes: list, take a file, go on after the brake."),
    "duplicates": ("trustdesk.cli.duplicates", "The whole register looked through for people who stand there twice."),
    "phone": ("trustdesk.cli.phone", "SIP phones of agents: list, add, reset, remove."),
    "trunk": ("trustdesk.cli.trunk", "Carriers of the exchange: list, set, remove."),
    "verify-screening": ("trustdesk.cli.verify_screening", "Verify the signed summary of a screening, offline."),
    "verify-vcon": ("trustdesk.cli.verify_vcon", "Verify a conversation that was exported as vCon, offline."),
    "verify-certificate": ("trustdesk.cli.verify_certificate", "Verify that a person was erased, offline."),
    "verify": ("trustdesk.cli.verify", "Verify an export of the log, also without this installation."),
    "doctor": ("trustdesk.cli.doctor", "Examine the installation and keep the result for the console."),
    "backup": ("trustdesk.cli.backup", "Back data and keys up, to two different places."),
    "restore": ("trustdesk.cli.restore", "Restore data and keys into an empty home folder."),
    "upgrade": ("trustdesk.cli.upgrade", "Back up, migrate, and roll back where that fails."),
    "renew-tokens": ("trustdesk.cli.renew_tokens", "Search tokens anew after a new version; goes on after a kill."),
    "rotate-keys": ("trustdesk.cli.rotate_keys", "New company keys; goes on where a killed one ended."),
    "mail-test": ("trustdesk.cli.mail_test", "Send one message through the mail settings."),
    "outbox": ("trustdesk.cli.outbox", "How the outboxes stand, and what happened to one message."),
    "bounce": ("trustdesk.cli.bounce", "Take back what came to the return mailbox; fed by the mail server."),
    "ledger": ("trustdesk.cli.ledger", "Sequence the log and sign checkpoints; started by `up`."),
}


class Commands(click.Group):
    """Commands by name, loaded when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_module, text) in COMMANDS.items()])


EXITS = """Ends with 0: done; 1: refused or failed, and a line says what, where, and how to mend it; 2: the command line
was not understood."""


@click.group(cls=Commands, epilog=EXITS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="trustdesk")
def commands() -> None:
    """Customer service you can prove."""


def main() -> None:
    """Run a command; an expected failure is shown as what happened, where, and what to do."""
    try:
        commands()
    except TrustdeskError as error:
        _stop(error)
    except OSError as fault:
        if fault.filename is None:
            raise
        reason = f"The operating system refuses: {fault.strerror}."
        _stop(TrustdeskError(reason, place=str(fault.filename), mend="Give this account the file or folder, or room."))


def _stop(error: TrustdeskError) -> NoReturn:
    lines = [f"trustdesk: {error.message}"]
    if error.place:
        lines.append(f"  where: {error.place}")
    if error.mend:
        lines.append(f"  mend:  {error.mend}")
    sys.exit("\n".join(lines))
