"""Whether a leg may be recorded, asked a second time where its key is made. Pure: the edge asks the same before.

GDPR Art. 6, 7, 13; Directive 2002/58/EC Art. 5(1); StGB § 201. Silence is no consent; what can't be decided is no.
"""

from datetime import datetime, timedelta

from trustdesk.recordings.contracts import NewRecording
from trustdesk.sipedge.contracts import Mode

_ASKING = frozenset({Mode.CONSENT, Mode.ALL_PARTY})
# Two processes of one machine read the same clock; what is heard later than now was not heard.
_CLOCK = timedelta(seconds=1)


def why_not(new: NewRecording, *, now: datetime) -> str:
    """Why this leg may not be recorded, as a word of the edge's; empty where it may be."""
    if new.mode is Mode.OFF:
        return "off"
    if new.notice_version <= 0:
        return "no-notice"
    if new.heard_at is None or new.heard_at > now + _CLOCK:
        return "notice-not-heard"
    if new.mode in _ASKING and (not new.agree_key or new.consent_key != new.agree_key):
        return "no-consent"
    if new.mode is Mode.ALL_PARTY and new.role == "agent" and not new.agreed:
        return "agent-has-not-agreed"
    return ""
