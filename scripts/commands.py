"""The reference of the commands, written from the commands themselves: `python scripts/commands.py [check]`.

With `check` nothing is written; it fails where the page says something else than the commands.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from trustdesk.cli.main import COMMANDS, EXITS, commands

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "commands.md"
HEAD = f"""# Commands

<!-- Written by scripts/commands.py from the commands themselves; a test compares. -->

Every command works on one home folder: `var` in the working folder, or the one that `TRUSTDESK_HOME` names. Choices are
read from `settings.toml` in it; a variable `TRUSTDESK_` and the name in capitals wins over the file. The how-to on
[installing](../how-to/install.md) lists them.

{" ".join(EXITS.split())}
Ctrl+C while a command asks or works ends it with 1; for `up` it is the sign to stop, and it ends with 0. An error says
no more than this, and never anything personal:

```
trustdesk: There is no installation here yet.
  where: /srv/trustdesk
  mend:  Run `trustdesk init`, or set TRUSTDESK_HOME to the folder of one.
```

Where two must not meet on one home (`init`, `up`, `upgrade`, `restore`; two of `backup`), the second says *It runs
already.* All others run beside `up` and beside each other: the first starts the database where it does not run, the
last stops it.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(section(name) for name in COMMANDS)])


def section(name: str) -> str:
    """One command: what it does, how it is called, its options, how it ends."""
    with click.Context(commands, info_name="trustdesk") as above:
        command = commands.get_command(above, name)
        assert command is not None  # noqa: S101 - the names are the table's own
        with click.Context(command, info_name=name, parent=above) as context:
            usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
            lines = [f"## {name}", "", " ".join((command.help or "").split()), "", f"```\n{usage}\n```", ""]
            options = list(rows(command, context))
    if options:
        lines += ["| option | what |", "|---|---|", *options, ""]
    if command.epilog:
        lines += [" ".join(command.epilog.split()), ""]
    return "\n".join(lines)


def rows(command: click.Command, context: click.Context) -> Iterator[str]:
    """A line of the table for each option, in the order of the help."""
    for parameter in command.get_params(context):
        if not isinstance(parameter, click.Option) or "--help" in parameter.opts:
            continue
        value = "" if parameter.is_flag else f" {parameter.make_metavar(context).replace('INTEGER RANGE', 'NUMBER')}"
        name = f"{', '.join(parameter.opts)}{value}".replace("|", "\\|")
        told = (parameter.help or str(parameter.prompt or "")).rstrip(".")
        notes = ["Required"] if parameter.required and not parameter.prompt else []
        notes += ["May be given several times"] if parameter.multiple else []
        notes += [f"By default `{parameter.default}`"] if parameter.show_default else []
        yield f"| `{name}` | {'. '.join(filter(None, [told, *notes]))} |"


if __name__ == "__main__":
    if sys.argv[1:] != ["check"]:
        PAGE.write_text(page())
    elif PAGE.read_text() != page():
        sys.exit("docs/reference/commands.md is out of date: run `.venv/bin/python scripts/commands.py`")
