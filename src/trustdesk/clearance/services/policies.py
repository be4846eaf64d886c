"""The tenant's stricter layer over the rule packs."""

from datetime import datetime

from trustdesk.clearance import wire
from trustdesk.clearance.packs import packs
from trustdesk.clearance.selectors.setup import adopted_policy, changed, parsed
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext

_ADOPT = (
    "INSERT INTO clearance_policy (controller_id, version, text, adopted_at, adopted_by) VALUES (%s, %s, %s, %s, %s)"
)


def adopt_policy(context: AccessContext, *, text: str, now: datetime) -> int:
    """Adopt a policy for the company, in the form of a rule pack; its version. Needs `clearance:manage`.

    BrokenPackError where it can't be read, LooserPolicyError where it asks for less than the law: both name line and
    column, and the policy in force stays.
    """
    context.check_operation("clearance:manage")
    digest = parsed(text, packs().digest).digest
    with scoped(context.scope):
        held = adopted_policy(context)
        version = held.version + 1 if held else 1
        wire.run(_ADOPT, [context.controller_id, version, text, now, context.operator_id])
        changed(context)
        context.journal.deed(context, "clearance.policy.adopted", detail={"version": version, "digest": digest})
    return version
