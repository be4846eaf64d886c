"""Tables of feeds: owned by a controller, but for what the post publishes. None holds anything of a person; what a
delivery says lies sealed.
"""

from trustdesk.feeds.models.deliveries import Chunk, Delivery, Parked
from trustdesk.feeds.models.feeds import Feed
from trustdesk.feeds.models.reference import Postcode, Street

__all__ = ["Chunk", "Delivery", "Feed", "Parked", "Postcode", "Street"]
