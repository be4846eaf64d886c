"""Why one may, or may not: for the desk, for the person, for the authority."""

from datetime import datetime

from trustdesk.clearance.contracts import Explanation, Point
from trustdesk.clearance.selectors.deciding import NOTHING, About, Contact, decided
from trustdesk.clearance.selectors.plain import explained
from trustdesk.decision.contracts import Channel
from trustdesk.kernel.context import AccessContext


def explain(
    context: AccessContext,
    *,
    customer_id: int,
    channel: Channel,
    purpose: str,
    at: datetime,
    value_id: int | None = None,
    point: Point | None = None,
    about: About = NOTHING,
) -> Explanation:
    """What `decide` answers at an instant, past or to come, with every reason in plain words, in the language in force.

    `about` are facts of the undertaking, by the names in `decision.api.ABOUT`: without `product` nobody can say whether
    it is similar to what was bought, and no soft opt-in holds (Dir. 2002/58/EC Art. 13(2)). Consents, objections and
    suppressions are those of the instant; register, lists and configuration those of today. Needs `clearance:read`.
    """
    context.check_operation("clearance:read")
    made = decided(context, Contact(customer_id, value_id, point, channel, purpose, at), about)
    return explained(made.verdict, made.facts, at, about=about)
