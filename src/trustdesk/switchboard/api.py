"""What others may ask of the switchboard: the verbs of an agent's call, and how calls, queues and agents stand.

Verbs speak to the switchboard's process over its socket and return when it is done; UnreachableError where it is not
there, RefusedError where the operator's seat does not carry it, ConflictError where it does not fit the moment. They
take no `now`: what happens in a call happens at the exchange. What is read comes from tables, under the signed scope.
No contact leaves without clearance (`dial`, `dial_back`, `consult_outside`); no number is in any answer.
"""

from trustdesk.switchboard.client import UnreachableError
from trustdesk.switchboard.figures import FIGURES
from trustdesk.switchboard.selectors.now import (
    agents_now,
    call,
    callbacks,
    calls_now,
    my_call,
    my_presence,
    queues_now,
    ready_agents,
    results,
)
from trustdesk.switchboard.selectors.overhearing import may_overhear
from trustdesk.switchboard.selectors.statistics import statistics
from trustdesk.switchboard.serving import serve
from trustdesk.switchboard.verbs import (
    accept,
    attach,
    consult,
    consult_outside,
    deed,
    detach,
    dial,
    dial_back,
    dial_in_campaign,
    identified,
    overhear,
    refuse,
    requeue,
    send_digits,
    set_presence,
    settings_changed,
)

__all__ = [
    "FIGURES",
    "UnreachableError",
    "accept",
    "agents_now",
    "attach",
    "call",
    "callbacks",
    "calls_now",
    "consult",
    "consult_outside",
    "deed",
    "detach",
    "dial",
    "dial_back",
    "dial_in_campaign",
    "identified",
    "may_overhear",
    "my_call",
    "my_presence",
    "overhear",
    "queues_now",
    "ready_agents",
    "refuse",
    "requeue",
    "results",
    "send_digits",
    "serve",
    "set_presence",
    "settings_changed",
    "statistics",
]
