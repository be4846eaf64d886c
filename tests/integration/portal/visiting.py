"""A customer's browser and mailbox."""

import re
from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from tests.integration.delivery.posting import Company, mail_server
from tests.integration.delivery.smtpd import Smtpd

from trustdesk.identity.services.looking import look_up
from trustdesk.kernel import clock
from trustdesk.server.cluster import Cluster
from trustdesk.server.database import DATABASE

Rested = Callable[..., None]
"""Makes what a company has on file older than it is."""
LINK = re.compile(r"/my/\d+/(?:open|confirm)/[0-9A-Za-z]{13}-[0-9A-Za-z_=\-\r\n]{43,50}/")


def rest(cluster: Cluster, company: Company, days: int = 31, *, but: int = 0) -> None:
    """As if contact points had been on file for so long. No program may do that: the owner of the database does."""
    with cluster.connect(DATABASE) as owner:
        owner.execute(
            "UPDATE register_value SET recorded_at = recorded_at - %s WHERE controller_id = %s AND id <> %s",
            [timedelta(days=days), company.id, but],
        )


def ask(company: Company, browser: Client, address: str) -> str:
    """Ask for a link, let the worker do its work, and read the mail: the link in it, or nothing."""
    answer = browser.post(f"/my/{company.id}/link/", {"address": address})
    assert answer.status_code == 200, answer.content.decode()
    (newest,) = company.ask("SELECT max(id) FROM identity_link WHERE controller_id = %s", company.id)
    look_up(company.id, newest[0], now=clock.now())
    return mailbox(company)


def mailbox(company: Company) -> str:
    """The link of the newest mail that arrives now."""
    with Smtpd() as server, mail_server(server.port):
        company.work()
    if not server.taken:
        return ""
    text = server.taken[-1].content.decode().replace("=\r\n", "").replace("=3D", "=")
    found = LINK.search(text)
    return found[0] if found else ""


def inside(company: Company, address: str = "aino@example.com") -> Client:
    """A browser whose customer is in."""
    browser = Client()
    link = ask(company, browser, address)
    answer = browser.post(link)
    assert answer.status_code == 302, answer.content.decode()
    return browser
