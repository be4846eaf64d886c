"""Tables of updates: all owned by a controller."""

from trustdesk.updates.models.applying import Applied, Change
from trustdesk.updates.models.looking import Audit, AuditRound, Duplicate, Review
from trustdesk.updates.models.profiles import Departed, Profile

__all__ = ["Applied", "Audit", "AuditRound", "Change", "Departed", "Duplicate", "Profile", "Review"]
