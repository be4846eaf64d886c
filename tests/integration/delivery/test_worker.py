"""The worker process itself: woken by a message, by the sweep, and by nothing twice."""

import os
import subprocess
import sys
import time

import pytest
from django.db import connection
from tests.integration.delivery import smtpd
from tests.integration.delivery.posting import Company
from tests.integration.delivery.smtpd import Smtpd

from trustdesk.delivery.contracts import State
from trustdesk.kernel.ids import new_id

WAIT_SECONDS = 100


def waiting_jobs(company: Company) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'delivery.run' AND status = 'todo'"
            " AND (args->>'controller_id')::int = %s",
            [company.id],
        )
        return int(cursor.fetchone()[0])


def settle(company: Company, message_id: int, state: State) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while company.state(message_id) is not state:
        assert time.monotonic() < deadline, company.happenings(message_id)
        time.sleep(0.1)


def test_many_messages_are_one_job(company: Company) -> None:
    person = company.person()
    for _each in range(5):
        company.send(person)
    assert waiting_jobs(company) == 1
    company.send(person, purpose="service")
    assert waiting_jobs(company) == 2, "one that is taken before the others"


@pytest.mark.slow  # the sweep comes once a minute
def test_the_worker_sends_and_looks_again_by_itself(company: Company) -> None:
    address = f"w{new_id()}@example.com"
    with Smtpd(says={smtpd.RCPT: "450 4.7.1 greylisted"}) as server:
        own = {
            "DJANGO_SETTINGS_MODULE": "trustdesk.settings.test",
            "TRUSTDESK_MAIL_HOST": "127.0.0.1",
            "TRUSTDESK_MAIL_PORT": str(server.port),
            "TRUSTDESK_MAIL_STARTTLS": "false",
        }
        with subprocess.Popen([sys.executable, "-m", "trustdesk.cli.worker"], env=os.environ | own) as worker:
            try:
                message_id = company.send(company.person(address))
                settle(company, message_id, State.DEFERRED)
                server.says.clear()
                # Its instant has come and nobody says so: only the minute's sweep can find it.
                company.due_now(message_id)
                settle(company, message_id, State.SENT)
            finally:
                worker.terminate()
                worker.wait(30)
    # It works for all companies of the installation, those of other tests included.
    assert [mail.recipients for mail in server.taken if address in mail.recipients] == [[address]]
