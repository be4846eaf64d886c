"""Tables of feeds: all owned by a controller. None holds anything of a person; what a delivery says lies sealed."""

from trustdesk.feeds.models.deliveries import Chunk, Delivery, Parked
from trustdesk.feeds.models.feeds import Feed

__all__ = ["Chunk", "Delivery", "Feed", "Parked"]
