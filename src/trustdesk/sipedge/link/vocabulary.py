"""All that may be said between the edge and the switchboard."""

from trustdesk.sipedge.link.lines import Vocabulary
from trustdesk.sipedge.words import asks, commands, plan, told

EDGE = Vocabulary(
    [
        asks.PlanFor,
        asks.LookUp,
        asks.KeyFor,
        asks.Found,
        asks.NotFound,
        asks.Key,
        asks.Done,
        asks.Refusal,
        plan.Plan,
        commands.Config,
        commands.Attach,
        commands.Detach,
        commands.Connect,
        commands.Withdraw,
        commands.Dial,
        commands.Consult,
        commands.Deed,
        commands.Requeue,
        commands.Say,
        commands.Digits,
        commands.Overhear,
        commands.Refile,
        commands.Written,
        told.Told,
        told.Registered,
        told.Snapshot,
    ]
)
