"""The northern company ready to write, and a message that went as the mail server decided."""

import contextlib
from datetime import timedelta

from tests.integration.delivery.posting import mail_server
from tests.integration.delivery.smtpd import DOT, Smtpd
from tests.surfaces import customer, supervisor
from tests.world import World
from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import NewPurpose
from trustdesk.decision.contracts import Channel, PurposeKind
from trustdesk.delivery import api as delivery
from trustdesk.delivery.contracts import NewMessage, Sender, Template
from trustdesk.delivery.services import lanes
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError
from trustdesk.kernel.ids import new_id
from trustdesk.register import api as register

ADDRESS = "aino.posti@example.com"
WORDS = "Words that stand on no page"


def office(committed: World) -> AccessContext:
    """The northern company, ready to write."""
    supervisor(committed)
    context = committed.system(committed.north, "service")
    now = clock.now()
    purpose = NewPurpose(
        code="care",
        label="Care",
        term="dpv:CustomerCare",
        kind=PurposeKind.SERVICE,
        legal_basis="eu-gdpr:A6-1-b",
    )
    with contextlib.suppress(ConflictError):
        clearance.declare_purpose(context, purpose=purpose, now=now)
    delivery.set_sender(context, sender=Sender(mail_address="desk@example.org", mail_name="North"), now=now)
    template = Template(channel=Channel.EMAIL, code="words", language="en", subject=WORDS, text=WORDS)
    delivery.publish_template(context, template=template, now=now)
    return context


def send(committed: World, office: AccessContext, *, fate: str = "") -> int:
    """A message, and what became of it."""
    now = clock.now()
    customer_id = customer(
        committed.context(committed.supervisor_north, committed.north),
        "Aino",
        "Posti",
        email=ADDRESS,
    )
    values = register.card(office, customer_id, now=now).values
    message = NewMessage(
        customer_id=customer_id,
        value_id=next(value.value_id for value in values if value.attribute == "email"),
        purpose="care",
        template="words",
        language="en",
        parameters={},
        key=str(new_id()),
    )
    message_id = delivery.send_mail(office, message=message, now=now)
    with Smtpd(says={DOT: fate} if fate else {}) as server, mail_server(server.port):
        lanes.run(office.controller_id, Channel.EMAIL, until=now + timedelta(seconds=30))
    return message_id
