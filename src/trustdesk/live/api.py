"""What others may ask of live: to tell that something changed, and to hear it.

Nothing is told but a kind and an opaque id; what the thing now is, a page asks through its own door. So a stream needs
no more rights than to know that there is something to ask for, and a lost word costs a later look, not a wrong one.
"""

from trustdesk.live.announcing import announce
from trustdesk.live.ends import ends_streams
from trustdesk.live.streams import changes

__all__ = ["announce", "changes", "ends_streams"]
