"""What others may ask of outside: systems of the company that hold its customers too, each reached by a connector.

Who erases or copies reads the person once (`person_of`), keeps them sealed, and asks every system, again until every
receipt is `complete`. A receipt believes a fresh look, never the answer of a delete. Nothing personal is kept here, and
no error, log line or receipt holds any. Each function takes the access context first and works under its signed scope;
`now` is an aware instant. Errors are those of `kernel.errors`. Law: GDPR Art. 12(3), 15, 16, 17, 19, 20, 28(3)(e), 32.
"""

from trustdesk.outside.faults import OutsideError
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

__all__ = [
    "OutsideError",
    "Post",
    "connector",
    "connectors",
    "erase",
    "everywhere",
    "export",
    "find",
    "pause_connector",
    "person_of",
    "person_read",
    "preview",
    "receipts",
    "rectify",
    "remove_connector",
    "resume_connector",
    "runs",
    "save_connector",
    "standing",
    "try_connector",
    "verify",
    "withdraw",
]
