"""A key for one leg's recording: asked again what the edge has asked, then made, with its beginning in the log."""

from dataclasses import dataclass
from datetime import datetime

from trustdesk.clearance.api import packs
from trustdesk.conversations import api as conversations
from trustdesk.decision.api import recording_rule
from trustdesk.kernel.context import AccessContext
from trustdesk.recordings import api as recordings
from trustdesk.recordings.contracts import NewRecording
from trustdesk.sipedge.contracts import Key, KeyFor, Mode, Refusal
from trustdesk.switchboard.plans import may_store
from trustdesk.telephony import api as telephony

SERVICE = "service"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """What the floor knows of the call, at the moment the key is asked for. `customer`: in a call out, who is rung."""

    conversation: int | None
    interaction: int | None
    customer: int | None
    line: str
    queue: str
    country: str
    sector: str
    mode: str
    notice_version: int | None
    consent_key: str


def key_for(context: AccessContext, leg: Leg, word: KeyFor, *, now: datetime) -> Key | Refusal:
    """The key, or why there is none, as a word. The agent's standing agreement is read now, not remembered."""
    if leg.conversation is None or leg.interaction is None:
        return Refusal(reason="unknown-call")
    agreed = bool(word.operator) and telephony.agent(context, word.operator).agreed
    why = may_store(
        mode=Mode(leg.mode),
        notice=leg.notice_version,
        role=word.role,
        heard=word.heard,
        consent_key=word.consent_key,
        agreed=agreed,
    )
    if why:
        return Refusal(reason=why)
    number = telephony.number(context, leg.line)
    rule = telephony.rule_of(number, now=now)
    if not rule.recorded or not recording_rule(packs(), leg.country, leg.sector, now).recorded:
        return Refusal(reason="off")
    made = recordings.begin(
        context,
        new=NewRecording(
            conversation_id=leg.conversation,
            interaction_id=leg.interaction,
            call_id=word.call,
            leg=word.leg,
            role=word.role,
            mode=Mode(leg.mode),
            notice_version=word.heard,
            heard_at=word.heard_at,
            retention_class=f"statutory:{rule.rule_ids[0]}" if rule.keep_is_fixed and rule.rule_ids else SERVICE,
            keep_until=rule.keep.after(now),
            copy_days=rule.copy_days,
            rule_ids=rule.rule_ids,
            operator_id=word.operator or None,
            customer_id=_whose(context, leg, leg.interaction, word),
            consent_key=leg.consent_key if word.role == "agent" else word.consent_key,
            agreed=agreed,
            queue=leg.queue,
        ),
        now=now,
    )
    return Key(recording=made.recording_id, key=made.key.hex(), bound=made.bound, path=str(made.path))


def _whose(context: AccessContext, leg: Leg, interaction: int, word: KeyFor) -> int | None:
    """Whose leg it is: the conversation's customer, read now, not remembered: an identification may have been taken
    back. A third party is not that customer, and what they say does not lie under that customer's keys; nor does what a
    caller says who came by the reference of a case and whom nobody has confirmed.
    """
    if word.role == "third":
        return None
    standing = conversations.standings(context, [interaction]).get(interaction)
    if standing is None:
        return leg.customer
    return None if standing.unconfirmed else standing.customer_id or leg.customer
