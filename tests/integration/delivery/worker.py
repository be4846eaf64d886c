"""The worker's job in a process of its own: what `kill -9` hits. Arguments: company, lane, port of the mail server."""

import sys
from datetime import timedelta

import django

django.setup()

from tests.integration.delivery.posting import mail_server  # noqa: E402 - needs the settings

from trustdesk.delivery.services import lanes  # noqa: E402
from trustdesk.kernel import clock  # noqa: E402

if __name__ == "__main__":
    with mail_server(int(sys.argv[3]), EMAIL_TIMEOUT=20):
        lanes.run(int(sys.argv[1]), sys.argv[2], until=clock.now() + timedelta(seconds=30))
