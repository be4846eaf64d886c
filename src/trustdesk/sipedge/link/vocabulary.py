"""The words of `edge.sock`."""

from trustdesk.sipedge import contracts as words
from trustdesk.sipedge.link.lines import Vocabulary

EXCHANGE = Vocabulary(
    [
        words.PlanFor,
        words.LookUp,
        words.KeyFor,
        words.Plan,
        words.Found,
        words.NotFound,
        words.Key,
        words.Done,
        words.Refusal,
        words.Config,
        words.Attach,
        words.Detach,
        words.Connect,
        words.Withdraw,
        words.Dial,
        words.Consult,
        words.Deed,
        words.Requeue,
        words.Say,
        words.Digits,
        words.Overhear,
        words.Refile,
        words.Told,
        words.Registered,
        words.Snapshot,
    ]
)
