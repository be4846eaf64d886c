"""Who somebody is among those a register knows: never certain, always with the odds. Django-free, no tables."""

from trustdesk.matching.columns import EDITION, WIDTH
from trustdesk.matching.index import Index
from trustdesk.matching.model import Model, UnreadableModelError
from trustdesk.matching.profile import profile
from trustdesk.matching.ranking import Rankings, rank

__all__ = ["EDITION", "WIDTH", "Index", "Model", "Rankings", "UnreadableModelError", "profile", "rank"]
