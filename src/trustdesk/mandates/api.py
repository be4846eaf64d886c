"""The public door of mandates: companies, mandates, seats, tokens, and the access contexts made from them.

Law: GDPR Art. 28(3) (a processor acts only on documented instructions), Art. 29, Art. 32(4). Instants are aware and
in UTC; periods are half-open. Administrative writes take `by` (None: the machine's own command line) and `now`; errors
are those of `kernel.errors`, and TokenRefusedError.
"""

from trustdesk.mandates.contracts import (
    EVERY_CATEGORY,
    PURPOSES,
    Choice,
    ControllerView,
    MandateView,
    NewToken,
    ProcessorView,
    SeatView,
    TokenView,
)
from trustdesk.mandates.selectors import (
    controller,
    controllers,
    every_mandate,
    mandates,
    mandates_to_fill,
    processors,
    seats,
    seats_of,
    tokens,
)
from trustdesk.mandates.services.calls import (
    KeyInUseError,
    KeyReusedError,
    Reply,
    TokenUse,
    count_use,
    keep_reply,
    take_key,
)
from trustdesk.mandates.services.companies import (
    create_controller,
    create_mandate,
    create_processor,
    end_mandate,
    prepare_controller,
)
from trustdesk.mandates.services.contexts import (
    TokenRefusedError,
    choices,
    choose,
    context_for_token,
    correction_context,
    customer_context,
    enter,
    feed_context,
    processor_of,
    request_context,
    reviewing_context,
    system_context,
)
from trustdesk.mandates.services.seats import create_token, end_seat, give_seat, revoke_token

__all__ = [
    "EVERY_CATEGORY",
    "PURPOSES",
    "Choice",
    "ControllerView",
    "KeyInUseError",
    "KeyReusedError",
    "MandateView",
    "NewToken",
    "ProcessorView",
    "Reply",
    "SeatView",
    "TokenRefusedError",
    "TokenUse",
    "TokenView",
    "choices",
    "choose",
    "context_for_token",
    "controller",
    "controllers",
    "correction_context",
    "count_use",
    "create_controller",
    "create_mandate",
    "create_processor",
    "create_token",
    "customer_context",
    "end_mandate",
    "end_seat",
    "enter",
    "every_mandate",
    "feed_context",
    "give_seat",
    "keep_reply",
    "mandates",
    "mandates_to_fill",
    "prepare_controller",
    "processor_of",
    "processors",
    "request_context",
    "reviewing_context",
    "revoke_token",
    "seats",
    "seats_of",
    "system_context",
    "take_key",
    "tokens",
]
