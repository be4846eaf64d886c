from django.db import migrations

from trustdesk.isolation.api import owned

# Each led by the controller, so that none points into another company.
FOREIGN_KEYS = [
    ("telephony_number", "queue", "queue", "telephony_queue (controller_id, code)"),
    ("telephony_skill", "queue", "queue", "telephony_queue (controller_id, code) ON DELETE CASCADE"),
]


def foreign_key(table, name, columns, target):
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_{name}_fk FOREIGN KEY (controller_id, {columns}) REFERENCES {target}",
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_{name}_fk",
    )


class Migration(migrations.Migration):
    dependencies = [("telephony", "0001_initial"), ("isolation", "0001_scope")]
    operations = [
        *owned("telephony_queue"),
        *owned("telephony_menu"),
        *owned("telephony_number"),
        *owned("telephony_skill"),
        # Who agreed to what, where calls were allowed and that they were made is history.
        *owned("telephony_agreement", append_only=True),
        *owned("telephony_reach", append_only=True),
        *owned("telephony_call_out", append_only=True),
        *(foreign_key(*key) for key in FOREIGN_KEYS),
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE, TRUNCATE ON telephony_edge FROM trustdesk_app",
            "GRANT UPDATE, DELETE ON telephony_edge TO trustdesk_app",
        ),
    ]
