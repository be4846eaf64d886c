"""What others may ask of outside: systems of the company that hold its customers too, each reached by a connector.

Who erases or copies reads the person once (`person_of`), keeps them sealed, and asks every system, again until every
receipt is `complete`. A receipt believes a fresh look, never the answer of a delete. Nothing personal is kept here, and
no error, log line or receipt holds any. Each function takes the access context first and works under its signed scope;
`now` is an aware instant. Errors are those of `kernel.errors`. Whoever looks into another system for changes takes
the ways there from here: `http_pool` and `session` dial what may be called from here, and nothing else.
Law: GDPR Art. 12(3), 15, 16, 17, 19, 20, 28(3)(e), 32.
"""

from trustdesk.outside.faults import OutsideError
from trustdesk.outside.kinds.pool import close as close_pool
from trustdesk.outside.kinds.pool import faults as http_faults
from trustdesk.outside.kinds.pool import pool as http_pool
from trustdesk.outside.placing import placed_in_address, placed_in_body, pointed
from trustdesk.outside.posts import Post
from trustdesk.outside.selectors import connector, connectors, receipts, runs, standing
from trustdesk.outside.services.persons import person_of, person_read
from trustdesk.outside.services.running import erase, everywhere, export, find, preview, rectify, verify, withdraw
from trustdesk.outside.services.setting import (
    pause_connector,
    remove_connector,
    resume_connector,
    save_connector,
    try_connector,
)
from trustdesk.outside.sessions import faults as session_faults
from trustdesk.outside.sessions import session

__all__ = [
    "OutsideError",
    "Post",
    "close_pool",
    "connector",
    "connectors",
    "erase",
    "everywhere",
    "export",
    "find",
    "http_faults",
    "http_pool",
    "pause_connector",
    "person_of",
    "person_read",
    "placed_in_address",
    "placed_in_body",
    "pointed",
    "preview",
    "receipts",
    "rectify",
    "remove_connector",
    "resume_connector",
    "runs",
    "save_connector",
    "session",
    "session_faults",
    "standing",
    "try_connector",
    "verify",
    "withdraw",
]
