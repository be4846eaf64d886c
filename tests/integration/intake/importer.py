"""An import in a process of its own, in small chunks, so that a test can kill it in the middle."""

import sys
from pathlib import Path

from trustdesk.cli.environment import ready
from trustdesk.kernel import clock
from trustdesk.kernel.errors import TrustdeskError


def main() -> None:
    controller, mapping, source, processes = map(int, sys.argv[2:])
    ready()
    from trustdesk.intake.api import import_file  # noqa: PLC0415 - needs the settings
    from trustdesk.mandates.api import system_context  # noqa: PLC0415

    try:
        progress = import_file(
            system_context(controller, purpose="records", now=clock.now(), on_behalf_of=0),
            path=Path(sys.argv[1]),
            mapping_id=mapping,
            source_id=source,
            now=clock.now(),
            processes=processes,
            chunk_rows=200,
        )
    except TrustdeskError as error:
        sys.exit(f"{error.code}: {error.message}")
    sys.stdout.write(progress.state.value)


if __name__ == "__main__":
    main()
