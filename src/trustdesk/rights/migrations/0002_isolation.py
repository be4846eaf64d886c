from django.db import migrations

from trustdesk.isolation.api import owned

# Each led by the controller, so that none points into another company. A request points at no customer: it outlives
# their erasure, naming nobody. Its history goes with it, and is otherwise only ever added to.
FOREIGN_KEYS = (
    ("event", "ON DELETE CASCADE"),
    ("code", "ON DELETE CASCADE"),
    ("letter", "ON DELETE SET NULL (request_id)"),
)


def foreign_key(table, then):
    return migrations.RunSQL(
        f"ALTER TABLE rights_{table} ADD CONSTRAINT rights_{table}_request_fk FOREIGN KEY (controller_id, request_id)"
        f" REFERENCES rights_request (controller_id, id) {then}",
        f"ALTER TABLE rights_{table} DROP CONSTRAINT rights_{table}_request_fk",
    )


class Migration(migrations.Migration):
    dependencies = [("rights", "0001_initial"), ("isolation", "0001_scope")]
    operations = [
        *owned("rights_request"),
        *owned("rights_event", append_only=True),
        *owned("rights_code"),
        *owned("rights_mailbox"),
        *owned("rights_letter"),
        *(foreign_key(*key) for key in FOREIGN_KEYS),
    ]
