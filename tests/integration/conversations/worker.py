"""An operator's process that dies while it identifies. Arguments: company, conversation, customer, stage."""

import os
import signal
import sys
from datetime import UTC, datetime
from typing import Any

import django

django.setup()

from tests.companies import NOW  # noqa: E402 - needs the settings

from trustdesk.conversations.contracts import How  # noqa: E402
from trustdesk.conversations.services import identifying  # noqa: E402
from trustdesk.mandates.api import system_context  # noqa: E402


def die(*_arguments: Any, **_named: Any) -> None:  # noqa: ANN401 - stands in for any step
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    company, conversation, customer = (int(argument) for argument in sys.argv[1:4])
    # Each is the first step after what the stage is named by: `destroy` comes when all is sealed anew.
    setattr(identifying, {"sealed-anew": "destroy", "key-destroyed": "happened"}[sys.argv[4]], die)
    identifying.identify(
        system_context(company, purpose="service", now=datetime.now(UTC), on_behalf_of=0),
        conversation_id=conversation,
        customer_id=customer,
        how=How.QUESTIONS,
        now=NOW,
    )
