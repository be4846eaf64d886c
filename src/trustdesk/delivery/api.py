"""What others may ask of delivery. Messages and events are put into the outbox inside the caller's transaction; the
worker takes them from there, asks the gate at the moment of sending, and sends nothing twice.

Each function takes the access context first and works under its signed scope; the few that take none are told something
by the world outside: a bounce, a receipt, somebody who unsubscribes. `now` is an aware instant. Errors are those of
`kernel.errors`. Law: GDPR Art. 5(1)(f), 21(3), 25, 32; Directive 2002/58/EC Art. 13. Form: RFC 5321, 5322, 8058, 3464;
Standard Webhooks.
"""

from trustdesk.delivery.selectors import calls, calls_of, counts, message, messages, of_campaign, standing
from trustdesk.delivery.services.endpoints import (
    create_endpoint,
    disable_endpoint,
    enable_endpoint,
    endpoints,
    rotate_secret,
)
from trustdesk.delivery.services.notices import confirm_notice, notice_by_link, notices_of, send_notice
from trustdesk.delivery.services.outcomes import (
    Learnt,
    settle,
    stoppable,
    take_back,
    take_receipt,
    unsubscribe,
)
from trustdesk.delivery.services.senders import sender_of, set_sender
from trustdesk.delivery.services.sending import send_mail, send_sms
from trustdesk.delivery.services.telling import send_webhook
from trustdesk.delivery.services.templates import check_publishable, publish_template, template_of, templates
from trustdesk.delivery.standard import standard_templates
from trustdesk.delivery.transports.deadline import deadline
from trustdesk.delivery.transports.faults import CarrierError
from trustdesk.delivery.transports.https import public as public_address
from trustdesk.delivery.wording import preview

__all__ = [
    "CarrierError",
    "Learnt",
    "calls",
    "calls_of",
    "check_publishable",
    "confirm_notice",
    "counts",
    "create_endpoint",
    "deadline",
    "disable_endpoint",
    "enable_endpoint",
    "endpoints",
    "message",
    "messages",
    "notice_by_link",
    "notices_of",
    "of_campaign",
    "preview",
    "public_address",
    "publish_template",
    "rotate_secret",
    "send_mail",
    "send_notice",
    "send_sms",
    "send_webhook",
    "sender_of",
    "set_sender",
    "settle",
    "standard_templates",
    "standing",
    "stoppable",
    "take_back",
    "take_receipt",
    "template_of",
    "templates",
    "unsubscribe",
]
