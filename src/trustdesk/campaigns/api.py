"""What others may ask of campaigns: lists that are contacted, each person decided anew at the moment of contact.

Each function takes the access context first and works under its signed scope; `now` is an aware instant. Errors are
those of `kernel.errors`. Law: GDPR Art. 5(2), 6, 7, 21; Directive 2002/58/EC Art. 13; hours and attempts of the packs.
A campaign only adds to them (`kernel.registries.campaigns`): being in one permits nothing.
"""

from trustdesk.campaigns.selectors import attempts, campaign, campaigns, report
from trustdesk.campaigns.services.creating import create
from trustdesk.campaigns.services.previewing import dial, in_hand, of_call, put_back, take, to_call
from trustdesk.campaigns.services.steering import cancel, end, pause, resume, start

__all__ = [
    "attempts",
    "campaign",
    "campaigns",
    "cancel",
    "create",
    "dial",
    "end",
    "in_hand",
    "of_call",
    "pause",
    "put_back",
    "report",
    "resume",
    "start",
    "take",
    "to_call",
]
