"""A feed at work in a process of its own: what `kill -9` hits. Arguments: company, feed, stage, and a file that says
that the stage is reached. `inside`: its second chunk is written and not committed; `between`: its first one is
committed and its second about to begin.
"""

import sys
import time
from datetime import timedelta
from pathlib import Path

import django

django.setup()

from trustdesk.feeds.services import driving, taking, working  # noqa: E402 - needs the settings
from trustdesk.kernel import clock  # noqa: E402
from trustdesk.updates.api import take  # noqa: E402

CHUNK = 3


def main(controller_id: int, feed_id: int, stage: str, reached: Path) -> None:
    working.CHUNK = CHUNK
    calls = [0]

    def stop() -> None:
        reached.touch()
        time.sleep(60)

    def slow_take(*given: object, **named: object) -> object:
        calls[0] += 1
        if stage == "between" and calls[0] == 2:
            stop()
        found = take(*given, **named)  # type: ignore[arg-type]
        if stage == "inside" and calls[0] == 2:
            stop()
        return found

    taking.take = slow_take  # type: ignore[assignment,attr-defined]
    driving.run(controller_id, feed_id, until=clock.now() + timedelta(seconds=60))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
