"""An operator's process that dies while it takes an identification back. Arguments: company, conversation, stage."""

import os
import signal
import sys
from datetime import UTC, datetime
from typing import Any

import django

django.setup()

from tests.companies import NOW  # noqa: E402 - needs the settings

from trustdesk.conversations.services import identifying  # noqa: E402
from trustdesk.mandates.api import system_context  # noqa: E402
from trustdesk.recordings.services import filing  # noqa: E402


def die(*_arguments: Any, **_named: Any) -> None:  # noqa: ANN401 - stands in for any step
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    company, conversation = (int(argument) for argument in sys.argv[1:3])
    # Each is the first step after what the stage is named by.
    module, step = {"nothing-refiled": (filing, "unfile_stream_key"), "all-refiled": (identifying, "happened")}[
        sys.argv[3]
    ]
    setattr(module, step, die)
    identifying.take_back(
        system_context(company, purpose="service", now=datetime.now(UTC), on_behalf_of=0),
        conversation_id=conversation,
        now=NOW,
    )
