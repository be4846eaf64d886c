"""What others may ask of intake. A list comes in with a source and a mapping, is checked row by row, asked at the
gates, and added in chunks that are each one transaction with their progress.

Each function takes the access context first and works under its signed scope. `now` is an aware instant.
Law: GDPR Art. 5(1)(b)-(d), 6, 14; product rule "no datum without an origin".
"""

from trustdesk.intake.contracts import mapping_from_json
from trustdesk.intake.selectors import mappings, progress, rejects, runs, saved_mapping
from trustdesk.intake.services.files import StorageFullError, forget, receive, received, write_rejects
from trustdesk.intake.services.mappings import delete_mapping, save_mapping
from trustdesk.intake.services.orders import cancel, import_file, import_received, resume
from trustdesk.intake.services.preview import preview
from trustdesk.intake.services.running import CancelledError
from trustdesk.intake.services.workers import StoppedError

__all__ = [
    "CancelledError",
    "StoppedError",
    "StorageFullError",
    "cancel",
    "delete_mapping",
    "forget",
    "import_file",
    "import_received",
    "mapping_from_json",
    "mappings",
    "preview",
    "progress",
    "receive",
    "received",
    "rejects",
    "resume",
    "runs",
    "save_mapping",
    "saved_mapping",
    "write_rejects",
]
