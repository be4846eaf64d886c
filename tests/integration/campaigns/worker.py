"""The worker's jobs in a process of its own: what `kill -9` hits. Arguments: company, campaign, port of the server."""

import sys
from datetime import timedelta

import django

django.setup()

from tests.integration.delivery.posting import mail_server  # noqa: E402 - needs the settings

from trustdesk.campaigns.services import drive  # noqa: E402
from trustdesk.delivery.services import lanes  # noqa: E402
from trustdesk.kernel import clock  # noqa: E402

if __name__ == "__main__":
    company, campaign = int(sys.argv[1]), int(sys.argv[2])
    with mail_server(int(sys.argv[3]), EMAIL_TIMEOUT=20):
        for _round in range(20):
            drive.run(company, campaign, until=clock.now() + timedelta(seconds=30))
            lanes.run(company, "email", until=clock.now() + timedelta(seconds=30))
