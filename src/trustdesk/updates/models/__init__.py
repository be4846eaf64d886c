"""Tables of updates: all owned by a controller."""

from trustdesk.updates.models.applying import Applied, Change
from trustdesk.updates.models.looking import Audit, AuditRound, Candidate, Duplicate, Review
from trustdesk.updates.models.profiles import Departed, Profile
from trustdesk.updates.models.standing import Order, Policy

__all__ = [
    "Applied",
    "Audit",
    "AuditRound",
    "Candidate",
    "Change",
    "Departed",
    "Duplicate",
    "Order",
    "Policy",
    "Profile",
    "Review",
]
