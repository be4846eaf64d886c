"""What others may ask of feeds: where changes come from, what came in, how far it is applied, and what was set aside.

A delivery is sealed as it is received, counted before anything of it is applied (the brake), then applied in chunks
that are each one transaction with what they changed. What comes twice changes nothing. Each function takes the access
context first and works under its signed scope; `now` is an aware instant. Errors are those of `kernel.errors`.
Law: GDPR Art. 5(1)(d), (e), 24, 25, 32.
"""

from trustdesk.feeds.reading import FORMATS
from trustdesk.feeds.selectors import deliveries, delivery, feed, feeds, parked, standing, stopped
from trustdesk.feeds.services.deciding import discard, go_on, retry
from trustdesk.feeds.services.driving import run
from trustdesk.feeds.services.posted import MESSAGE_LIMIT, take_message
from trustdesk.feeds.services.previewing import preview
from trustdesk.feeds.services.receiving import StorageFullError, TooBigError, receive
from trustdesk.feeds.services.reference import load_reference
from trustdesk.feeds.services.setting import ask_now, make_secret, pause, remove, resume, save_feed, start_over

__all__ = [
    "FORMATS",
    "MESSAGE_LIMIT",
    "StorageFullError",
    "TooBigError",
    "ask_now",
    "deliveries",
    "delivery",
    "discard",
    "feed",
    "feeds",
    "go_on",
    "load_reference",
    "make_secret",
    "parked",
    "pause",
    "preview",
    "receive",
    "remove",
    "resume",
    "retry",
    "run",
    "save_feed",
    "standing",
    "start_over",
    "stopped",
    "take_message",
]
